package io.quorate.coordinator.plan;

import io.quorate.coordinator.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole way from what is seen to what is wanted, by asking the planner and predicting each
 * step. It ends where the planner would: done, or at a wait or a refusal that no step of its own
 * resolves.
 */
public record Preview(List<Step> steps, Decision end) {
  /**
   * More than any honest plan; a fold that goes further is a bug in a rule, and the safety test
   * looks for it.
   */
  public static final int MOST = 300;

  public Preview {
    steps = List.copyOf(steps);
  }

  public static Preview of(ClusterSpec wanted, ClusterView seen) {
    List<Step> steps = new ArrayList<>();
    ClusterView view = seen;
    while (steps.size() < MOST) {
      Decision decision = Planner.next(wanted, view);
      if (!(decision instanceof Decision.Act(Step step))) {
        return new Preview(steps, decision);
      }
      steps.add(step);
      view = Effects.apply(view, step);
    }
    throw new IllegalStateException("no end after " + MOST + " steps: " + steps.subList(0, 20));
  }
}
