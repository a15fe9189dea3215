package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import java.util.Optional;

/**
 * A change of minor version is over when every member says so: the cluster version, and from 3.6
 * the storage version; and a downgrade when etcd itself has ended it.
 */
final class ClusterVersionRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    if (situation.downgrading()) {
      return Rule.hold(
          Hold.of(
              Code.Q3019, "etcd's downgrade is not over yet; it ends by itself within seconds"));
    }
    EtcdVersion wanted = situation.wanted().version();
    return situation.seen().etcd().endpoints().stream()
        .filter(e -> e.status().isPresent())
        .filter(e -> behind(e.status().get().versions(), wanted))
        .findFirst()
        .flatMap(
            e ->
                Rule.hold(
                    Hold.of(
                        Code.Q3019,
                        "%s still sees cluster version %s; etcd raises it by itself within seconds"
                            .formatted(e.member(), seen(e.status().get().versions())))));
  }

  private static boolean behind(EtcdView.Versions versions, EtcdVersion wanted) {
    return versions.cluster().filter(v -> !v.sameMinor(wanted)).isPresent()
        || versions.storage().filter(v -> !v.sameMinor(wanted)).isPresent();
  }

  private static String seen(EtcdView.Versions versions) {
    return versions.cluster().map(EtcdVersion::minorText).orElse("?")
        + versions.storage().map(v -> " (storage " + v.minorText() + ")").orElse("");
  }
}
