package io.quorate.coordinator.store;

import io.quorate.common.error.Code;
import io.quorate.common.model.ClusterName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** For people: plans, rollouts with their steps, events. Never needed for correctness. */
public interface Journal {
  void addPlan(Plan plan);

  Optional<Plan> plan(String id);

  /** Opens a rollout and returns its number. */
  long begin(Rollout rollout);

  void save(Rollout rollout);

  /** Newest first. */
  List<Rollout> rollouts(ClusterName cluster, int limit);

  Optional<Rollout> open(ClusterName cluster);

  /** Adds or replaces the step of that number. */
  void save(StepEntry step);

  List<StepEntry> steps(long rollout);

  void add(Event event);

  /**
   * Oldest first, those after the given id; at most {@code limit}, the newest ones when there are
   * more.
   */
  List<Event> events(Optional<ClusterName> cluster, long afterId, int limit);

  record Plan(String id, ClusterName cluster, String text, long basedOn, Instant at, String by) {}

  enum RolloutState {
    RUNNING,
    PAUSED,
    DONE,
    FAILED,
    ABORTED
  }

  record Rollout(
      long id,
      ClusterName cluster,
      String title,
      long fromRevision,
      long toRevision,
      RolloutState state,
      Instant started,
      Optional<Instant> ended,
      String by,
      int plannedSteps) {}

  enum StepState {
    RUNNING,
    DONE,
    FAILED
  }

  record StepEntry(
      long rollout,
      int number,
      String kind,
      String subject,
      String text,
      StepState state,
      Instant started,
      Optional<Instant> ended,
      String outcome) {}

  enum Severity {
    INFO,
    WARNING,
    ERROR
  }

  /** The id is given by the store when 0. */
  record Event(
      long id,
      Instant at,
      Optional<ClusterName> cluster,
      Severity severity,
      Optional<Code> code,
      String subject,
      String text) {}
}
