package io.quorate.coordinator.plan;

import io.quorate.coordinator.plan.gate.Gates;
import io.quorate.coordinator.plan.rule.Rules;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.Optional;

/**
 * Decides the next step for one cluster, from what is wanted and what is seen. It does nothing
 * itself.
 *
 * <ol>
 *   <li>Rules are asked in order of urgency; the first that has something to say is the only one
 *       heard. A rule that is held back is not overtaken by a lesser one, so that every wait has
 *       one explanation.
 *   <li>Every gate looks at a proposed step. If all are open the step is due; otherwise the cluster
 *       waits and each closed gate says why.
 *   <li>When no rule has anything to say, the cluster is as wanted.
 * </ol>
 *
 * Guaranteed, and enumerated in PlannerSafetyTest: a step never stops or removes a voter that a
 * quorum needs, unless the owner accepted that by name; at most one running voter is stopped by a
 * step; nothing is stopped while another host has not finished; a leader is never stopped while an
 * updated voter could relieve it; membership changes one member at a time; every fault-free fold
 * ends.
 */
public final class Planner {
  private Planner() {}

  public static Decision next(ClusterSpec wanted, ClusterView seen) {
    Situation situation = new Situation(wanted, seen);
    Optional<Decision> heard =
        Rules.IN_ORDER.stream().flatMap(rule -> rule.decide(situation).stream()).findFirst();
    return switch (heard.orElseGet(Decision.Done::new)) {
      case Decision.Act(Step step) -> gated(step, situation);
      case Decision other -> other;
    };
  }

  private static Decision gated(Step step, Situation situation) {
    List<Hold> holds =
        Gates.ALL.stream().flatMap(gate -> gate.hold(step, situation).stream()).toList();
    return holds.isEmpty() ? new Decision.Act(step) : new Decision.Wait(Optional.of(step), holds);
  }
}
