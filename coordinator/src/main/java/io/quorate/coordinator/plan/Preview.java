package io.quorate.coordinator.plan;

import io.quorate.coordinator.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  /**
   * What is still to come in the middle of a rollout: as if nothing held it that ends by itself or
   * by somebody's word. A wait for the step under way is passed by predicting that step.
   */
  public static Preview ahead(ClusterSpec wanted, ClusterView seen, Optional<Step> underWay) {
    ClusterView free = free(seen);
    Preview now = of(wanted, free);
    return now.steps().isEmpty() && !(now.end() instanceof Decision.Done) && underWay.isPresent()
        ? of(wanted, Effects.apply(free, underWay.get()))
        : now;
  }

  private static ClusterView free(ClusterView seen) {
    Intent.Control control = seen.intent().control();
    Intent going =
        control.mode() != Intent.Mode.PAUSED
            ? seen.intent()
            : Intents.withControl(
                seen.intent(),
                new Intent.Control(
                    Intent.Mode.RUNNING,
                    control.by(),
                    control.reason(),
                    control.limit(),
                    control.turningBack(),
                    control.since()));
    return new ClusterView(
        seen.now(),
        Intents.withFailure(going, Optional.empty()),
        seen.placements(),
        seen.etcd(),
        seen.hosts(),
        seen.catalogue(),
        List.of());
  }
}
