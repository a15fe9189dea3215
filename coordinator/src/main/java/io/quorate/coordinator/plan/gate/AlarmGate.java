package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.Optional;

/**
 * A cluster with an alarm is mended before it is changed, unless its owner accepted a full database
 * by name: then the change may be what mends it.
 */
public final class AlarmGate implements Gate {
  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    boolean matters =
        !situation.stopped(step).isEmpty()
            || step instanceof Step.AddLearner
            || step instanceof Step.Promote;
    return matters && situation.mustServe() ? raised(situation) : Optional.empty();
  }

  /** An alarm that nobody has accepted. */
  public static Optional<Hold> raised(Situation situation) {
    return situation.seen().etcd().alarms().stream()
        .filter(a -> !situation.bears(a.kind()))
        .findFirst()
        .map(
            a ->
                new Hold(
                    Code.Q3009,
                    "alarm %s of member %s".formatted(a.kind(), Long.toHexString(a.memberId())),
                    a.kind().equals(Situation.FULL)
                        ? "make room (quorate explain Q2103); or raise quota-backend-bytes in the"
                            + " file and apply it with --accept alarm.nospace"
                        : "quorate explain Q3009"));
  }
}
