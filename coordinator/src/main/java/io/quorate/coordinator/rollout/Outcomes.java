package io.quorate.coordinator.rollout;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Journal;
import io.quorate.coordinator.store.Operations.Sent;
import io.quorate.coordinator.store.Snapshots;
import io.quorate.coordinator.store.Store;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Takes the outcomes of a cluster's operations into its intent. It looks at all of them each time
 * and does what is not done yet, so that nothing is lost when the coordinator dies between an
 * outcome and its consequence.
 */
final class Outcomes {
  /**
   * Operations of a rollout's own steps begin with this; those that people asked for do not fail a
   * rollout.
   */
  static final String STEP = "step-";

  private final Store store;
  private final Snapshots.Shelf shelf;
  private final Instant now;

  private Outcomes(Store store, Snapshots.Shelf shelf, Instant now) {
    this.store = store;
    this.shelf = shelf;
    this.now = now;
  }

  static Cluster absorb(Store store, Cluster cluster, Snapshots.Shelf shelf, Instant now) {
    Cluster current = cluster;
    for (Sent sent : store.operations().of(cluster.name())) {
      Optional<OperationOutcome> outcome = sent.outcome();
      boolean expired = !sent.operation().expires().isAfter(now);
      if (outcome.isPresent() && outcome.get().succeeded()) {
        String file = outcome.get().facts().getOrDefault("sha256", "");
        if (!file.isEmpty() && !shelf.holds(file)) {
          continue;
        }
        current = new Outcomes(store, shelf, now).succeeded(current, sent, outcome.get());
      } else if ((outcome.isPresent() || expired) && fails(current, sent)) {
        current = failed(store, current, sent, outcome, now);
      }
    }
    return current;
  }

  private Cluster succeeded(Cluster cluster, Sent sent, OperationOutcome outcome) {
    return switch (sent.operation().task()) {
      case Operation.SaveSnapshot save -> snapshot(cluster, sent, outcome);
      case Operation.ExportData export -> exported(store, cluster, sent, export, outcome.facts());
      default -> cluster;
    };
  }

  private Cluster snapshot(Cluster cluster, Sent sent, OperationOutcome outcome) {
    String id = sent.operation().id();
    if (cluster.intent().snapshots().stream().anyMatch(s -> s.id().equals(id))) {
      return cluster;
    }
    Instant taken = sent.finished().orElse(sent.at());
    Map<String, String> facts = outcome.facts();
    Snapshots.Snapshot snapshot =
        new Snapshots.Snapshot(
            id,
            cluster.name(),
            new Snapshots.Origin(
                sent.member().orElseThrow(),
                version(facts, cluster.spec().version()),
                cluster.intent().foundation().clusterId()),
            taken,
            facts.getOrDefault("sha256", ""),
            number(facts, "size"),
            new Snapshots.Content(
                number(facts, "revision"),
                number(facts, "keys"),
                number(facts, "hash"),
                live(facts)),
            Optional.empty(),
            Optional.empty());
    try {
      shelf.add(snapshot, now);
    } catch (QuorateException e) {
      return damaged(cluster, sent, e.problem());
    }
    Intent.SnapshotInfo info =
        new Intent.SnapshotInfo(id, taken, snapshot.content().revision(), snapshot.size(), true);
    return store
        .clusters()
        .update(cluster.name(), c -> c.withIntent(Intents.saved(c.intent(), info)));
  }

  /** It counts as never saved, and whoever wanted it asks again. */
  private Cluster damaged(Cluster cluster, Sent sent, Problem problem) {
    store.operations().forget(sent.operation().id());
    store
        .journal()
        .add(
            new Journal.Event(
                0,
                now,
                Optional.of(cluster.name()),
                Journal.Severity.ERROR,
                Optional.of(problem.code()),
                cluster.name().value(),
                "what %s saved was dropped: %s".formatted(sent.host(), problem.sentence())));
    return cluster;
  }

  private static EtcdVersion version(Map<String, String> facts, EtcdVersion otherwise) {
    String told = facts.getOrDefault("version", "");
    return told.isEmpty() ? otherwise : EtcdVersion.parse(told);
  }

  private static Optional<Snapshots.Live> live(Map<String, String> facts) {
    return facts.containsKey("live.keys")
        ? Optional.of(
            new Snapshots.Live(
                number(facts, "live.keys"),
                number(facts, "live.hash"),
                number(facts, "live.compacted")))
        : Optional.empty();
  }

  private static Cluster exported(
      Store store,
      Cluster cluster,
      Sent sent,
      Operation.ExportData export,
      Map<String, String> facts) {
    boolean moving = cluster.intent().revision() != cluster.applied();
    Intent.Exported exported =
        new Intent.Exported(
            export.member().member(),
            export.lineage(),
            facts.getOrDefault("sha256", ""),
            number(facts, "size"),
            sent.at());
    boolean stale = sent.at().isBefore(cluster.intent().control().since());
    if (!moving || stale || cluster.intent().exports().contains(exported)) {
      return cluster;
    }
    return store
        .clusters()
        .update(cluster.name(), c -> c.withIntent(Intents.exported(c.intent(), exported)));
  }

  /** A step's operation that failed since somebody last said go on. */
  private static boolean fails(Cluster cluster, Sent sent) {
    return sent.operation().id().startsWith(STEP)
        && cluster.intent().failure().isEmpty()
        && !sent.at().isBefore(cluster.intent().control().since());
  }

  private static Cluster failed(
      Store store, Cluster cluster, Sent sent, Optional<OperationOutcome> outcome, Instant now) {
    String kind = sent.operation().task().getClass().getSimpleName();
    Hold hold =
        outcome
            .map(
                o ->
                    new Hold(
                        o.failure().orElse(Code.Q3304),
                        "%s on %s failed: %s".formatted(kind, sent.host(), o.sentence()),
                        "quorate rollout resume " + cluster.name()))
            .orElseGet(
                () ->
                    new Hold(
                        Code.Q3304,
                        "%s on %s had no outcome in time".formatted(kind, sent.host()),
                        "quorate host describe " + sent.host()));
    Intent.Failure failure = new Intent.Failure(hold, kind, now);
    return store
        .clusters()
        .update(
            cluster.name(),
            c -> c.withIntent(Intents.withFailure(c.intent(), Optional.of(failure))));
  }

  private static long number(Map<String, String> facts, String name) {
    String text = facts.getOrDefault(name, "0");
    return text.matches("-?\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
