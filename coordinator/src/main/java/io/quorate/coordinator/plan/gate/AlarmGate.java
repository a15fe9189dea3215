package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.Optional;

/** A cluster with an alarm is mended before it is changed. */
final class AlarmGate implements Gate {
  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    boolean matters =
        !situation.stopped(step).isEmpty()
            || step instanceof Step.AddLearner
            || step instanceof Step.Promote;
    return situation.seen().etcd().alarms().stream()
        .filter(a -> matters && situation.mustServe())
        .findFirst()
        .map(
            a ->
                new Hold(
                    Code.Q3009,
                    "alarm %s of member %s".formatted(a.kind(), Long.toHexString(a.memberId())),
                    "quorate explain Q3009"));
  }
}
