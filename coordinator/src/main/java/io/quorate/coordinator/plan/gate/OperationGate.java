package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.Locale;
import java.util.Optional;

/** One thing at a time: what was sent to a host must have ended. */
final class OperationGate implements Gate {
  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    return situation.seen().operations().stream()
        .findFirst()
        .map(
            o ->
                Hold.of(
                    Code.Q3011,
                    "%s of %s on %s is under way"
                        .formatted(words(o.kind()), o.member(), o.host())));
  }

  /** SaveSnapshot becomes "save snapshot". */
  private static String words(String kind) {
    return kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
