package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.List;
import java.util.Optional;

/** Before a voter stops or leadership moves, the others must have applied what the leader has. */
final class SyncGate implements Gate {
  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    List<MemberName> stopped = situation.stopped(step);
    boolean matters = !stopped.isEmpty() || step instanceof Step.MoveLeader;
    if (!situation.mustServe() || !matters) {
      return Optional.empty();
    }
    long most = situation.wanted().rollout().gates().maximumLag();
    return situation.voters().stream()
        .flatMap(v -> situation.nameOf(v).stream())
        .filter(n -> !stopped.contains(n) && situation.well(n))
        .filter(n -> situation.lag(n).map(lag -> lag > most).orElse(false))
        .findFirst()
        .map(
            n ->
                Hold.of(
                    Code.Q3004,
                    "%s is %d entries behind the leader; %d are allowed"
                        .formatted(n, situation.lag(n).orElse(0L), most)));
  }
}
