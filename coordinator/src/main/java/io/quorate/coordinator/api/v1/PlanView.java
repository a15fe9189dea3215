package io.quorate.coordinator.api.v1;

import java.time.Instant;
import java.util.List;

/**
 * Every change and every step, before anything happens; bound to the revision it was made from.
 *
 * <p>{@code stops} says why the rollout would not reach its end as things are now; empty when it
 * would.
 */
public record PlanView(
    String id,
    String cluster,
    boolean creates,
    long basedOnRevision,
    ClusterStatus.Quorum quorum,
    List<Change> changes,
    List<Step> steps,
    List<String> gates,
    Totals totals,
    List<Finding> stops,
    Instant made) {
  public PlanView {
    changes = List.copyOf(changes);
    steps = List.copyOf(steps);
    gates = List.copyOf(gates);
    stops = List.copyOf(stops);
  }

  public boolean empty() {
    return changes.isEmpty() && steps.isEmpty();
  }

  public enum Kind {
    ADD,
    CHANGE,
    REMOVE
  }

  /** {@code effect} is how it comes about: restart, online, none. From and to may be empty. */
  public record Change(
      Kind kind, String subject, String what, String from, String to, String effect) {}

  /** The label is a few words for the line of order; the text is a sentence. */
  public record Step(int number, String kind, String subject, String label, String text) {}

  public record Totals(
      int changed, int added, int removed, int restarts, int leaderMoves, long estimatedSeconds) {}
}
