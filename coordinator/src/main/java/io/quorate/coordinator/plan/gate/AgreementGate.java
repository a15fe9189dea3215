package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.Optional;
import java.util.function.Function;

/**
 * Nobody is stopped and no membership changes while members disagree about their leader, its term,
 * or their list.
 */
final class AgreementGate implements Gate {
  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    boolean matters =
        !situation.stopped(step).stream().filter(situation::votes).toList().isEmpty()
            || step instanceof Step.MoveLeader
            || step instanceof Step.AddLearner
            || step instanceof Step.Promote;
    if (!situation.mustServe()
        || !matters
        || situation.stopped(step).stream().anyMatch(situation::down)) {
      return Optional.empty();
    }
    if (situation.leader().isEmpty()) {
      return Optional.of(Hold.of(Code.Q3008, "the members do not agree on one leader"));
    }
    if (distinct(situation, s -> s.raft().term()) > 1) {
      return Optional.of(Hold.of(Code.Q3008, "the members are not in the same term yet"));
    }
    return distinct(situation, EtcdView.Status::memberListDigest) > 1
        ? Optional.of(Hold.of(Code.Q3013, "the members do not agree on the member list"))
        : Optional.empty();
  }

  /** How many different answers there are; one that says nothing does not count. */
  private static long distinct(Situation situation, Function<EtcdView.Status, Object> answer) {
    return situation.seen().etcd().endpoints().stream()
        .flatMap(e -> e.status().stream())
        .map(answer)
        .filter(a -> !a.equals(""))
        .distinct()
        .count();
  }
}
