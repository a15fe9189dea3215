package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.time.Duration;
import java.util.Optional;

/** Certificates must outlive the rollout. */
final class CertificateGate implements Gate {
  private static final Duration ROOM = Duration.ofHours(1);

  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    if (!situation.mustServe() || situation.stopped(step).isEmpty()) {
      return Optional.empty();
    }
    return situation.seen().placements().stream()
        .flatMap(p -> ending(p, situation).stream())
        .findFirst();
  }

  private static Optional<Hold> ending(Placement placement, Situation situation) {
    return placement
        .report()
        .flatMap(
            r ->
                r.certificates().stream()
                    .filter(c -> c.notAfter().isBefore(situation.seen().now().plus(ROOM)))
                    .findFirst())
        .map(
            c ->
                Hold.of(
                    Code.Q3015,
                    "the %s certificate of %s ends at %s; its host renews it by itself once connected"
                        .formatted(c.use(), placement.member(), c.notAfter())));
  }
}
