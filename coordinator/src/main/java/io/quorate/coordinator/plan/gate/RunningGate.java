package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Release;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.Optional;

/**
 * Before the next member stops, those that claim to run what they were told to must do so: by the
 * digest of the executable in memory, not of the file on disk, which must be that of the etcd in
 * the archive that was added to the catalogue; and by the version that etcd itself answers with.
 *
 * <p>A member that does not claim it is somebody else's business: it is waited for, or changed
 * next.
 */
final class RunningGate implements Gate {
  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    List<MemberName> stopped = situation.stopped(step);
    if (!situation.formed() || stopped.isEmpty()) {
      return Optional.empty();
    }
    return situation.wanted().members().stream()
        .filter(m -> !stopped.contains(m.name()))
        .flatMap(m -> situation.home(m).stream())
        .filter(Situation::runsAsIssued)
        .flatMap(p -> executable(p, situation).or(() -> version(p, situation)).stream())
        .findFirst();
  }

  private static Optional<Hold> executable(Placement placement, Situation situation) {
    Optional<String> wanted = situation.seen().catalogue().executable(release(placement));
    String runs = placement.report().map(r -> r.unit().running().executableSha256()).orElse("");
    return wanted
        .filter(digest -> !digest.equals(runs))
        .map(
            digest ->
                hold(
                    placement,
                    situation,
                    runs.isEmpty()
                        ? "its host has not told yet which executable it runs"
                        : "it runs an executable that is not that of etcd %s in the catalogue"
                            .formatted(release(placement).version())));
  }

  private static Optional<Hold> version(Placement placement, Situation situation) {
    return situation
        .endpoint(placement.member())
        .flatMap(EtcdView.Endpoint::status)
        .map(s -> s.versions().server())
        .filter(version -> !version.equals(release(placement).version()))
        .map(
            version ->
                hold(
                    placement,
                    situation,
                    "it answers as etcd %s and was told to run %s"
                        .formatted(version, release(placement).version())));
  }

  private static Release release(Placement placement) {
    MemberConfig document = Situation.document(placement);
    return document.releases().running();
  }

  private static Hold hold(Placement placement, Situation situation, String why) {
    ClusterSpec wanted = situation.wanted();
    return new Hold(
        Code.Q3025,
        "%s: %s".formatted(placement.member(), why),
        "quorate member restart %s %s".formatted(wanted.cluster(), placement.member()));
  }
}
