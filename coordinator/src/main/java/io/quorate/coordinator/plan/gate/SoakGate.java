package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A member that was restarted must have been well for the soak time before the next one stops. */
final class SoakGate implements Gate {
  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    List<MemberName> stopped = situation.stopped(step);
    if (!situation.mustServe() || stopped.isEmpty()) {
      return Optional.empty();
    }
    return situation.wanted().members().stream()
        .filter(m -> !stopped.contains(m.name()))
        .flatMap(m -> remaining(m, situation).stream())
        .findFirst();
  }

  private static Optional<Hold> remaining(ClusterSpec.Member member, Situation situation) {
    ClusterSpec.Rollout rollout = situation.wanted().rollout();
    Duration soak =
        rollout.canary().filter(member.name()::equals).isPresent()
            ? rollout.canarySoak()
            : rollout.soak();
    Optional<Instant> started =
        situation
            .home(member)
            .flatMap(Placement::report)
            .map(r -> r.unit().running())
            .filter(r -> r.pid() != 0)
            .map(HostReport.Running::started);
    if (soak.isZero() || started.isEmpty() || !recent(started.get(), soak, situation)) {
      return Optional.empty();
    }
    Instant wellSince =
        situation
            .endpoint(member.name())
            .filter(EtcdView.Endpoint::well)
            .map(EtcdView.Endpoint::since)
            .filter(since -> since.isAfter(started.get()))
            .orElse(started.get());
    Duration left = Duration.between(situation.seen().now(), wellSince.plus(soak));
    return left.isNegative() || left.isZero()
        ? Optional.empty()
        : Optional.of(
            Hold.of(
                Code.Q3005,
                "%s soaks for another %d s".formatted(member.name(), left.toSeconds() + 1)));
  }

  /**
   * A process that has run for long has soaked, even when this coordinator has only just begun to
   * watch.
   */
  private static boolean recent(Instant started, Duration soak, Situation situation) {
    return situation.since(started).compareTo(soak.plus(rolloutDeadline(situation))) < 0;
  }

  private static Duration rolloutDeadline(Situation situation) {
    return situation.wanted().rollout().memberDeadline();
  }
}
