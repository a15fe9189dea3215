package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.List;
import java.util.Optional;

/**
 * A change starts on a healthy cluster: every voter but the one that is changed must be well; that
 * one too, unless it is down through us or its owner asked for mending first. Taking out a member
 * that is down is mending, and needs only the quorum.
 */
final class HealthGate implements Gate {
  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    if (!situation.mustServe()
        || buriesOneOfSeveral(step, situation)
        || (!changesMembership(step) && situation.stopped(step).isEmpty())) {
      return Optional.empty();
    }
    List<MemberName> touched =
        step instanceof Step.UpdatePeerUrl moved
            ? List.of(moved.member())
            : situation.stopped(step);
    return situation.voters().stream()
        .filter(v -> !situation.well(v))
        .filter(v -> situation.nameOf(v).filter(touched::contains).isEmpty())
        .findFirst()
        .map(v -> hold(v, situation));
  }

  /** What is down is taken out whoever else is down: the quorum can only win by it. */
  private static boolean buriesOneOfSeveral(Step step, Situation situation) {
    return step instanceof Step.RemoveMember remove && !situation.well(remove.member());
  }

  private static boolean changesMembership(Step step) {
    return step instanceof Step.AddLearner
        || step instanceof Step.Promote
        || step instanceof Step.MoveLeader
        || step instanceof Step.UpdatePeerUrl;
  }

  private static Hold hold(EtcdView.Member voter, Situation situation) {
    String name =
        situation.nameOf(voter).map(MemberName::value).orElse(Long.toHexString(voter.id()));
    return new Hold(
        Code.Q3007,
        "%s is not well: %s"
            .formatted(
                name,
                situation.nameOf(voter).map(n -> why(n, situation)).orElse("it has not started")),
        "quorate status " + situation.wanted().cluster());
  }

  private static String why(MemberName name, Situation situation) {
    return situation
        .endpoint(name)
        .map(
            e ->
                e.status().isEmpty()
                    ? "it does not answer"
                    : e.linearizable()
                        ? "it reports " + String.join(", ", e.status().get().errors())
                        : "a linearizable read through it failed")
        .orElse("it is not observed");
  }
}
