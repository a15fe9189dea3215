package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What people said comes first: a pause, an abort, or a failure that they have not yet answered.
 * What had been begun by then is finished by its host; as long as it is not, that is said as well,
 * after what people said.
 */
final class ControlRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    Intent intent = situation.intent();
    String cluster = situation.wanted().cluster().value();
    return switch (intent.control().mode()) {
      case PAUSED ->
          Optional.of(
              new Decision.Wait(
                  Optional.empty(),
                  withUnfinished(
                      new Hold(
                          Code.Q3006,
                          "paused by %s%s"
                              .formatted(intent.control().by(), because(intent.control().reason())),
                          "quorate rollout resume " + cluster),
                      situation)));
      case ABORTED ->
          Optional.of(
              new Decision.Refuse(
                  withUnfinished(
                      new Hold(
                          Code.Q3018,
                          "aborted by %s%s; the members stay as they are"
                              .formatted(intent.control().by(), because(intent.control().reason())),
                          "quorate apply -f FILE, or quorate rollout resume " + cluster),
                      situation),
                  false));
      case RUNNING, DELETING -> intent.failure().flatMap(f -> Rule.refuse(f.reason()));
    };
  }

  private static List<Hold> withUnfinished(Hold said, Situation situation) {
    List<Hold> holds = new ArrayList<>(List.of(said));
    Stream.of(new ConvergingRule(), new FailedMemberRule())
        .flatMap(rule -> rule.decide(situation).stream())
        .findFirst()
        .ifPresent(
            unfinished -> {
              switch (unfinished) {
                case Decision.Wait wait -> holds.addAll(wait.holds());
                case Decision.Refuse refuse -> holds.addAll(refuse.reasons());
                case Decision.Act act ->
                    holds.add(Hold.of(Code.Q3301, "due then: " + act.step().describe()));
                case Decision.Done done -> {}
              }
            });
    return holds;
  }

  private static String because(String reason) {
    return reason.isEmpty() ? "" : ": " + reason;
  }
}
