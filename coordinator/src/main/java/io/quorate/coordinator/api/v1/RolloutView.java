package io.quorate.coordinator.api.v1;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One rollout, live or past: what {@code quorate rollout status} shows. */
public record RolloutView(
    long id,
    String cluster,
    String title,
    long fromRevision,
    long toRevision,
    State state,
    Instant started,
    Optional<Instant> ended,
    String by,
    Progress progress,
    List<Step> steps,
    List<Finding> holds) {
  public RolloutView {
    steps = List.copyOf(steps);
    holds = List.copyOf(holds);
  }

  /** Newest first. */
  public record All(List<RolloutView> rollouts) {
    public All {
      rollouts = List.copyOf(rollouts);
    }
  }

  /** Waiting goes on by itself; paused and failed need somebody. */
  public enum State {
    RUNNING,
    WAITING,
    PAUSED,
    FAILED,
    DONE,
    ABORTED;

    public boolean over() {
      return this == DONE || this == ABORTED;
    }

    /** Nothing more will happen by itself. */
    public boolean atRest() {
      return over() || this == FAILED || this == PAUSED;
    }
  }

  /** {@code waitingSince}: when it began to wait for what the first hold says. */
  public record Progress(
      int done, int planned, Optional<Long> secondsLeft, Optional<Instant> waitingSince) {}

  public enum StepState {
    DONE,
    RUNNING,
    WAITING,
    FAILED
  }

  /** Steps that are still ahead are in state waiting and have no start. */
  public record Step(
      int number,
      String kind,
      String subject,
      StepState state,
      String text,
      Optional<Instant> started,
      Optional<Instant> ended) {}
}
