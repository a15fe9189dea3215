package io.quorate.coordinator.rollout;

import io.quorate.coordinator.store.Journal.Rollout;
import io.quorate.coordinator.store.Journal.RolloutState;
import io.quorate.coordinator.store.Journal.StepEntry;
import io.quorate.coordinator.store.Journal.StepState;
import io.quorate.coordinator.store.Store;
import java.time.Instant;
import java.util.Optional;

/** Gives a rollout up in the journal. A step that was still going on is not called done. */
public final class EndedRollout {
  private EndedRollout() {}

  public static void end(Store store, Rollout rollout, RolloutState state, Instant now) {
    for (StepEntry step : store.journal().steps(rollout.id())) {
      if (step.state() == StepState.RUNNING) {
        store
            .journal()
            .save(
                new StepEntry(
                    step.rollout(),
                    step.number(),
                    step.kind(),
                    step.subject(),
                    step.text(),
                    StepState.FAILED,
                    step.started(),
                    Optional.of(now),
                    step.outcome().isEmpty() ? "given up" : step.outcome()));
      }
    }
    store
        .journal()
        .save(
            new Rollout(
                rollout.id(),
                rollout.cluster(),
                rollout.title(),
                rollout.fromRevision(),
                rollout.toRevision(),
                state,
                rollout.started(),
                Optional.of(now),
                rollout.by(),
                rollout.plannedSteps()));
  }
}
