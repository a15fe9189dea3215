package io.quorate.coordinator.rollout;

import io.quorate.common.error.Code;
import io.quorate.common.model.ClusterName;
import io.quorate.coordinator.observe.ClusterObserver;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Journal.Rollout;
import io.quorate.coordinator.store.Snapshots;
import io.quorate.coordinator.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Keeps one cluster on its way, a turn at a time.
 *
 * <ol>
 *   <li>Outcomes of operations that have come in are taken into the intent.
 *   <li>The cluster is observed and the planner is asked.
 *   <li>A step that is due is written into the journal and carried out; whether it worked shows in
 *       a later turn.
 *   <li>A wait or a refusal is remembered with its reasons; a change that has failed, and a wait
 *       without progress beyond the deadline, become a failure that stays until somebody answers
 *       it.
 *   <li>Done marks the revision as applied.
 *   <li>Of a cluster at rest, a member that is gone may be replaced by a spare host.
 *   <li>What was asked for while the turn looked is for the next turn: this one then says nothing
 *       of a rollout, because a new one may have begun that it knows nothing of.
 * </ol>
 *
 * A turn holds no state that the next one needs: a worker that is killed anywhere and made anew
 * goes on.
 */
public final class ClusterWorker {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final ClusterName name;
  private final Store store;
  private final ClusterObserver observer;
  private final Dispatcher dispatcher;
  private final RolloutJournal journal;
  private final SpareHosts spares;
  private final InstantSource clock;
  private final Snapshots.Shelf shelf;

  private volatile Optional<Latest> latest = Optional.empty();
  private Optional<Refused> refused = Optional.empty();
  private Optional<Step> underWay = Optional.empty();

  /**
   * What the last turn saw and decided, and the step that was begun last, which may go on.
   *
   * @param since when it began to wait for, or to refuse, what it does now
   */
  public record Latest(
      Cluster cluster,
      ClusterView view,
      Decision decision,
      Optional<Step> underWay,
      Instant since) {
    private Optional<Code> reason() {
      return switch (decision) {
        case Decision.Wait wait -> wait.holds().stream().map(Hold::code).findFirst();
        case Decision.Refuse refuse -> refuse.reasons().stream().map(Hold::code).findFirst();
        case Decision.Act act -> Optional.empty();
        case Decision.Done done -> Optional.empty();
      };
    }

    /** Numbers in a sentence change all the time; the code tells whether it is the same wait. */
    private Latest after(Optional<Latest> before) {
      return before
          .filter(b -> b.reason().equals(reason()))
          .map(b -> new Latest(cluster, view, decision, underWay, b.since))
          .orElse(this);
    }
  }

  /** What the caller does next: ask again at once, soon, or when something happens; or never. */
  public enum Pace {
    AT_ONCE,
    SOON,
    IDLE,
    GONE
  }

  private record Refused(Step step, String text, Instant at) {}

  /**
   * @param shelf where the bytes of snapshots are: one counts only when it is there
   */
  public ClusterWorker(
      ClusterName name,
      Store store,
      ClusterObserver observer,
      Dispatcher dispatcher,
      InstantSource clock,
      Snapshots.Shelf shelf) {
    this.name = name;
    this.shelf = shelf;
    this.store = store;
    this.observer = observer;
    this.dispatcher = dispatcher;
    this.spares = dispatcher.spares();
    this.journal = new RolloutJournal(store, clock);
    this.clock = clock;
  }

  public Optional<Latest> latest() {
    return latest;
  }

  /** The step that was begun last, until the cluster is where it should be. */
  Optional<Step> carriedOut() {
    return underWay;
  }

  /** Takes outcomes that have come in into the intent; also for somebody who waits for one. */
  public static Cluster absorb(Store store, Cluster cluster, Snapshots.Shelf shelf, Instant now) {
    return Outcomes.absorb(store, cluster, shelf, now);
  }

  /** One turn. Never two at a time. */
  public synchronized Pace turn() {
    Optional<Cluster> found = store.clusters().find(name);
    if (found.isEmpty()) {
      latest = Optional.empty();
      return Pace.GONE;
    }
    Cluster cluster = absorb(store, found.get(), shelf, clock.instant());
    ClusterView view = observer.view(cluster.spec(), cluster.intent());
    Decision decision = heldBack(Planner.next(cluster.spec(), view));
    // In this order: a rollout begins after its wish is stored, so one that is open before the wish
    // is seen to be the same still is this wish's own.
    Optional<Rollout> open = journal.open(cluster);
    if (journal.outdated(cluster)) {
      return Pace.AT_ONCE;
    }
    Optional<Latest> before = latest;
    latest =
        Optional.of(new Latest(cluster, view, decision, underWay, clock.instant()).after(before));
    journal.happened(before, latest.get());
    boolean atRest =
        cluster.applied() == cluster.intent().revision() && journal.open(cluster).isEmpty();
    if (atRest && spares.look(cluster, view)) {
      return Pace.AT_ONCE;
    }
    return switch (decision) {
      case Decision.Act(Step step) -> act(cluster, view, step);
      case Decision.Wait wait -> waiting(cluster, open, wait);
      case Decision.Refuse refuse -> refusing(cluster, open, refuse);
      case Decision.Done done -> done(cluster, open);
    };
  }

  private Pace refusing(Cluster cluster, Optional<Rollout> open, Decision.Refuse refuse) {
    journal.stopped(cluster, open, refuse);
    if (refuse.failed() && open.isPresent() && cluster.intent().failure().isEmpty()) {
      remember(refuse.reasons().getFirst(), "a change of a member");
    }
    return Pace.SOON;
  }

  /** What etcd has just refused is not asked of it again in the same breath. */
  private Decision heldBack(Decision decision) {
    if (decision instanceof Decision.Act(Step step)
        && refused.isPresent()
        && refused.get().step().equals(step)
        && Duration.between(refused.get().at(), clock.instant()).compareTo(RETRY) < 0) {
      return new Decision.Wait(
          Optional.of(step),
          List.of(
              Hold.of(
                  Code.Q3304,
                  "etcd refused to %s: %s; it is asked again"
                      .formatted(step.describe(), refused.get().text()))));
    }
    return decision;
  }

  private Pace act(Cluster cluster, ClusterView view, Step step) {
    journal.begin(cluster, step);
    underWay = Optional.of(step);
    Optional<String> text = dispatcher.carryOut(cluster, view, step);
    refused = text.map(t -> new Refused(step, t, clock.instant()));
    if (text.isPresent()) {
      journal.refused(cluster, step, text.get());
      return Pace.SOON;
    }
    return Pace.AT_ONCE;
  }

  private Pace waiting(Cluster cluster, Optional<Rollout> open, Decision.Wait wait) {
    journal.waiting(cluster, open, wait);
    Optional<Hold> late = journal.overdue(cluster, open, wait);
    late.ifPresent(hold -> remember(hold, wait.wanted().map(Step::describe).orElse("wait")));
    return Pace.SOON;
  }

  /** It stays until somebody answers it: a rollout never goes on by itself past a failure. */
  private void remember(Hold hold, String step) {
    Intent.Failure failure = new Intent.Failure(hold, step, clock.instant());
    store
        .clusters()
        .update(name, c -> c.withIntent(Intents.withFailure(c.intent(), Optional.of(failure))));
  }

  private Pace done(Cluster cluster, Optional<Rollout> open) {
    underWay = Optional.empty();
    if (cluster.intent().control().mode() == Intent.Mode.DELETING) {
      open.ifPresent(rollout -> journal.finish(cluster, rollout));
      store.clusters().delete(name);
      latest = Optional.empty();
      return Pace.GONE;
    }
    if (cluster.applied() == cluster.intent().revision() && open.isEmpty()) {
      return Pace.IDLE;
    }
    Instant now = clock.instant();
    store
        .clusters()
        .update(
            name,
            c ->
                RolloutJournal.sameWish(c, cluster)
                    ? c.withIntent(Intents.reached(c.intent(), now))
                        .withApplied(cluster.intent().revision())
                    : c);
    open.ifPresent(rollout -> journal.finish(cluster, rollout));
    return Pace.AT_ONCE;
  }
}
