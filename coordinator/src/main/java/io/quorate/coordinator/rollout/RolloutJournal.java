package io.quorate.coordinator.rollout;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Journal;
import io.quorate.coordinator.store.Journal.Rollout;
import io.quorate.coordinator.store.Journal.RolloutState;
import io.quorate.coordinator.store.Journal.Severity;
import io.quorate.coordinator.store.Journal.StepEntry;
import io.quorate.coordinator.store.Journal.StepState;
import io.quorate.coordinator.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes down what a worker does, for people. A step counts as done when the planner has moved on
 * from it.
 */
final class RolloutJournal {
  /** Waits that may last: somebody wants them to. */
  private static final Set<Code> PATIENT = Set.of(Code.Q3005, Code.Q3006, Code.Q3017, Code.Q3020);

  private final Store store;
  private final InstantSource clock;
  private Optional<Hold> said = Optional.empty();
  private Optional<Step> current = Optional.empty();
  private Optional<ClusterWorker.Latest> latest = Optional.empty();

  RolloutJournal(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  Optional<Rollout> open(Cluster cluster) {
    return store.journal().open(cluster.name());
  }

  /** Whether something else has been asked for since this was read. */
  boolean outdated(Cluster looked) {
    return store.clusters().find(looked.name()).filter(c -> sameWish(c, looked)).isEmpty();
  }

  /** All that people ask for; not what a turn itself finds out and writes down. */
  static boolean sameWish(Cluster one, Cluster other) {
    Intent a = one.intent();
    Intent b = other.intent();
    return a.revision() == b.revision()
        && one.deleting() == other.deleting()
        && one.spec().equals(other.spec())
        && a.control().equals(b.control())
        && a.restarts().equals(b.restarts())
        && a.certificates().equals(b.certificates());
  }

  void begin(Cluster cluster, Step step) {
    Rollout rollout = rollout(cluster);
    if (rollout.state() != RolloutState.RUNNING) {
      store.journal().save(with(rollout, RolloutState.RUNNING, Optional.empty()));
    }
    List<StepEntry> steps = store.journal().steps(rollout.id());
    boolean again = lastRunning(steps).filter(s -> s.text().equals(step.describe())).isPresent();
    if (again) {
      return;
    }
    if (step instanceof Step.Note(Step.Decided.CalledOff calledOff)) {
      close(steps, StepState.FAILED, calledOff.describe());
      event(
          cluster,
          Severity.WARNING,
          Optional.of(Code.Q3511),
          cluster.name().value(),
          calledOff.describe());
      said = Optional.empty();
      return;
    }
    if (step instanceof Step.Note(Step.Decided.TurnedBack(String reason))) {
      close(steps, StepState.FAILED, reason);
    } else {
      close(steps, StepState.DONE, ledTo());
    }
    current = Optional.of(step);
    store
        .journal()
        .save(
            new StepEntry(
                rollout.id(),
                steps.size() + 1,
                step.getClass().getSimpleName(),
                Steps.subject(step),
                step.describe(),
                StepState.RUNNING,
                clock.instant(),
                Optional.empty(),
                ""));
    event(cluster, Severity.INFO, Optional.empty(), Steps.subject(step), step.describe());
    said = Optional.empty();
  }

  void refused(Cluster cluster, Step step, String text) {
    event(
        cluster,
        Severity.WARNING,
        Optional.of(Code.Q3304),
        Steps.subject(step),
        "etcd refused to %s: %s".formatted(step.describe(), text));
  }

  void waiting(Cluster cluster, Optional<Rollout> open, Decision.Wait wait) {
    say(cluster, wait.holds().stream().findFirst(), Severity.INFO);
    RolloutState wanted =
        cluster.intent().control().mode() == Intent.Mode.PAUSED
            ? RolloutState.PAUSED
            : RolloutState.RUNNING;
    if (wanted == RolloutState.PAUSED && wait.holds().size() == 1) {
      // Nothing else is told than that it is paused: what had been begun is finished.
      open.ifPresent(r -> close(store.journal().steps(r.id()), StepState.DONE, ledTo()));
    }
    mark(open, wanted);
  }

  void stopped(Cluster cluster, Optional<Rollout> open, Decision.Refuse refuse) {
    say(cluster, refuse.reasons().stream().findFirst(), Severity.ERROR);
    if (cluster.intent().control().mode() == Intent.Mode.ABORTED) {
      boolean finished = refuse.reasons().size() == 1;
      open.ifPresent(r -> aborted(r, finished));
      return;
    }
    String why = refuse.reasons().stream().findFirst().map(Hold::sentence).orElse("");
    boolean worked = worked(cluster, refuse);
    open.ifPresent(
        r ->
            close(
                store.journal().steps(r.id()),
                worked ? StepState.DONE : StepState.FAILED,
                worked ? ledTo() : why));
    mark(open, RolloutState.FAILED);
  }

  /**
   * Whether the step before a refusal did what it was for. Where that cannot be seen, a refusal of
   * what comes next says nothing against it, and a failure does.
   */
  private boolean worked(Cluster cluster, Decision.Refuse refuse) {
    boolean failed = refuse.failed() || cluster.intent().failure().isPresent();
    return current
        .flatMap(
            step -> latest.flatMap(l -> Achieved.by(step, new Situation(cluster.spec(), l.view()))))
        .orElse(!failed && cluster.intent().foundation().formed());
  }

  void finish(Cluster cluster, Rollout rollout) {
    close(store.journal().steps(rollout.id()), StepState.DONE, ledTo());
    store.journal().save(with(rollout, RolloutState.DONE, Optional.of(clock.instant())));
    event(
        cluster,
        Severity.INFO,
        Optional.empty(),
        cluster.name().value(),
        "revision %d is in place".formatted(cluster.intent().revision()));
    said = Optional.empty();
  }

  /** A wait for the same thing beyond the progress deadline. */
  Optional<Hold> overdue(Cluster cluster, Optional<Rollout> rollout, Decision.Wait wait) {
    Optional<Hold> hold = wait.holds().stream().findFirst();
    if (rollout.isEmpty() || hold.isEmpty() || PATIENT.contains(hold.get().code())) {
      return Optional.empty();
    }
    Instant progress =
        store.journal().steps(rollout.get().id()).stream()
            .map(StepEntry::started)
            .max(Instant::compareTo)
            .orElse(rollout.get().started());
    Instant since = cluster.intent().control().since();
    Duration without =
        Duration.between(since.isAfter(progress) ? since : progress, clock.instant());
    return without.compareTo(cluster.spec().rollout().progressDeadline()) <= 0
        ? Optional.empty()
        : Optional.of(
            new Hold(
                Code.Q3303,
                "no progress for %d min: %s (%s)"
                    .formatted(without.toMinutes(), hold.get().sentence(), hold.get().code()),
                hold.get().remedy().isEmpty()
                    ? "quorate rollout resume " + cluster.name()
                    : hold.get().remedy() + "; then quorate rollout resume " + cluster.name()));
  }

  void happened(Optional<ClusterWorker.Latest> before, ClusterWorker.Latest now) {
    latest = Optional.of(now);
    before.ifPresent(
        b ->
            Happenings.between(b.view(), now.view())
                .forEach(h -> event(now.cluster(), h.severity(), h.code(), h.subject(), h.text())));
  }

  /** Of the step that this worker began; another one's only says what it was. */
  private String ledTo() {
    return current.flatMap(s -> latest.map(l -> Steps.ledTo(s, l))).orElse("");
  }

  private Rollout rollout(Cluster cluster) {
    return store
        .journal()
        .open(cluster.name())
        .orElseGet(
            () -> {
              Rollout fresh =
                  new Rollout(
                      0,
                      cluster.name(),
                      "Repair " + cluster.name(),
                      cluster.applied(),
                      cluster.intent().revision(),
                      RolloutState.RUNNING,
                      clock.instant(),
                      Optional.empty(),
                      "quorate",
                      0);
              long id = store.journal().begin(fresh);
              return store.journal().rollouts(cluster.name(), 1).stream()
                  .filter(r -> r.id() == id)
                  .findFirst()
                  .orElseThrow();
            });
  }

  /** A step that was still going on then is left to its host, and not called done. */
  private void aborted(Rollout rollout, boolean finished) {
    close(
        store.journal().steps(rollout.id()),
        finished ? StepState.DONE : StepState.FAILED,
        finished ? ledTo() : "aborted before it was over");
    store.journal().save(with(rollout, RolloutState.ABORTED, Optional.of(clock.instant())));
  }

  private void mark(Optional<Rollout> open, RolloutState state) {
    open.filter(r -> r.state() != state)
        .ifPresent(r -> store.journal().save(with(r, state, Optional.empty())));
  }

  private void close(List<StepEntry> steps, StepState state, String outcome) {
    lastRunning(steps)
        .ifPresent(
            s ->
                store
                    .journal()
                    .save(
                        new StepEntry(
                            s.rollout(),
                            s.number(),
                            s.kind(),
                            s.subject(),
                            s.text(),
                            state,
                            s.started(),
                            Optional.of(clock.instant()),
                            outcome)));
  }

  private static Optional<StepEntry> lastRunning(List<StepEntry> steps) {
    return steps.stream().filter(s -> s.state() == StepState.RUNNING).findFirst();
  }

  private static Rollout with(Rollout r, RolloutState state, Optional<Instant> ended) {
    return new Rollout(
        r.id(),
        r.cluster(),
        r.title(),
        r.fromRevision(),
        r.toRevision(),
        state,
        r.started(),
        ended,
        r.by(),
        r.plannedSteps());
  }

  /** A wait is told once, not at every turn; numbers in its sentence change all the time. */
  private void say(Cluster cluster, Optional<Hold> hold, Severity severity) {
    boolean news = hold.isPresent() && said.map(s -> s.code() != hold.get().code()).orElse(true);
    said = hold;
    if (news) {
      event(
          cluster,
          severity,
          Optional.of(hold.get().code()),
          cluster.name().value(),
          hold.get().sentence());
    }
  }

  private void event(
      Cluster cluster, Severity severity, Optional<Code> code, String subject, String text) {
    store
        .journal()
        .add(
            new Journal.Event(
                0, clock.instant(), Optional.of(cluster.name()), severity, code, subject, text));
  }
}
