package io.quorate.coordinator.desk;

import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Effects;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Step;
import java.util.Comparator;
import java.util.Optional;

/**
 * Finds the step after which a minor version cannot be gone back to as it was come from: the last
 * member's, because then etcd raises the cluster's version.
 */
final class NoReturn {
  private NoReturn() {}

  /** What leads back after this step, when it is one. */
  static Optional<String> after(ClusterView before, Step step) {
    Optional<EtcdVersion> was = version(before);
    Optional<EtcdVersion> becomes = version(Effects.apply(before, step));
    if (was.isEmpty() || becomes.isEmpty() || becomes.get().compareTo(was.get()) <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        becomes.get().atLeast(3, 6, 0)
            ? "point of no return: only etcd's own downgrade leads back to %s"
                .formatted(was.get().minorText())
            : "point of no return: only a snapshot leads back to %s"
                .formatted(was.get().minorText()));
  }

  private static Optional<EtcdVersion> version(ClusterView view) {
    return view.etcd().endpoints().stream()
        .flatMap(e -> e.status().stream())
        .map(EtcdView.Status::versions)
        .flatMap(v -> v.cluster().stream())
        .min(Comparator.naturalOrder());
  }
}
