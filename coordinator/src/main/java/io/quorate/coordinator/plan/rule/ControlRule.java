package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import java.util.Optional;

/**
 * What people said comes first: a pause, an abort, or a failure that they have not yet answered.
 */
final class ControlRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    Intent intent = situation.intent();
    String cluster = situation.wanted().cluster().value();
    return switch (intent.control().mode()) {
      case PAUSED ->
          Rule.hold(
              new Hold(
                  Code.Q3006,
                  "paused by %s%s"
                      .formatted(intent.control().by(), because(intent.control().reason())),
                  "quorate rollout resume " + cluster));
      case ABORTED ->
          Rule.refuse(
              new Hold(
                  Code.Q3018,
                  "aborted by %s%s; the members stay as they are"
                      .formatted(intent.control().by(), because(intent.control().reason())),
                  "quorate apply -f FILE, or quorate rollout resume " + cluster));
      case RUNNING, DELETING -> intent.failure().flatMap(f -> Rule.refuse(f.reason()));
    };
  }

  private static String because(String reason) {
    return reason.isEmpty() ? "" : ": " + reason;
  }
}
