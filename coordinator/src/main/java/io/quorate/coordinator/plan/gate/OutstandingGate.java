package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.List;
import java.util.Optional;

/**
 * No voter is stopped while another has been told to stop and has not yet done so: its host may
 * obey at any moment, also one that says it cannot, and one that is away.
 */
final class OutstandingGate implements Gate {
  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    List<MemberName> stopped = situation.stopped(step).stream().filter(situation::votes).toList();
    if (!situation.mustServe() || stopped.isEmpty()) {
      return Optional.empty();
    }
    return situation.seen().placements().stream()
        .filter(p -> !stopped.contains(p.member()) && situation.votes(p.member()))
        .filter(p -> !p.converged() && aboutToStop(p, situation))
        .findFirst()
        .map(
            p ->
                new Hold(
                    Code.Q3002,
                    "host %s may stop %s at any moment, as it was told to"
                        .formatted(p.host(), p.member()),
                    "quorate host describe " + p.host()));
  }

  private static boolean aboutToStop(Placement placement, Situation situation) {
    return placement
        .issued()
        .filter(i -> situation.stops(placement.host(), i.document()))
        .isPresent();
  }
}
