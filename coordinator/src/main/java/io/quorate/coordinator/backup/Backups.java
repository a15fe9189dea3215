package io.quorate.coordinator.backup;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.backup.BackupSchedule.Otherwise;
import io.quorate.coordinator.catalogue.SnapshotRetention;
import io.quorate.coordinator.catalogue.SnapshotShelf;
import io.quorate.coordinator.observe.Agents;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.SnapshotSource;
import io.quorate.coordinator.rollout.ClusterWorker.Latest;
import io.quorate.coordinator.rollout.Dispatcher;
import io.quorate.coordinator.rollout.Workers;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Journal;
import io.quorate.coordinator.store.Operations.Sent;
import io.quorate.coordinator.store.Snapshots;
import io.quorate.coordinator.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the snapshots that are due and removes those that need not be kept any more. It looks at
 * all clusters every few seconds; what it does is decided by {@link BackupSchedule} and {@link
 * SnapshotRetention}. Nothing waits for a host here: what comes of an operation is taken in by the
 * cluster's worker.
 */
public final class Backups implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Backups.class);
  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final Duration SAVING_TIME = Duration.ofMinutes(60);
  private static final Duration ENDING = Duration.ofSeconds(10);
  private static final Duration REMEMBERED = Duration.ofDays(1);

  private final Store store;
  private final Workers workers;
  private final Agents agents;
  private final SnapshotShelf shelf;
  private final InstantSource clock;
  private final Dispatcher.OperationIds ids;
  private final Set<String> told = new HashSet<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  public Backups(
      Store store,
      Workers workers,
      Agents agents,
      SnapshotShelf shelf,
      InstantSource clock,
      Dispatcher.OperationIds ids) {
    this.store = store;
    this.workers = workers;
    this.agents = agents;
    this.shelf = shelf;
    this.clock = clock;
    this.ids = ids;
    this.thread = Thread.ofVirtual().name("backups").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        turn();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One look at every cluster. */
  void turn() {
    for (Cluster cluster : store.clusters().list()) {
      try {
        look(cluster);
      } catch (RuntimeException e) {
        LOG.error("backups of {} could not be looked after", cluster.name(), e);
      }
    }
    store.operations().forgetFinished(clock.instant().minus(REMEMBERED));
  }

  private void look(Cluster cluster) {
    if (cluster.deleting() || !cluster.intent().foundation().formed()) {
      return;
    }
    Instant now = clock.instant();
    Attempts attempts = Attempts.of(store, cluster);
    attempts.failed(now).filter(s -> told.add(s.operation().id())).ifPresent(s -> tell(cluster, s));
    ClusterSpec.Backup wanted = cluster.spec().backup();
    wanted
        .every()
        .map(every -> schedule(cluster, every, attempts, now))
        .filter(schedule -> schedule.saveNow(now, otherwise(cluster, attempts, now)))
        .ifPresent(due -> save(cluster, now));
    if (wanted.every().isPresent() || wanted.keepFor().isPresent()) {
      prune(cluster, new SnapshotRetention(wanted.keep(), wanted.keepFor()), now);
    }
  }

  /** For the status, too. */
  public static BackupSchedule schedule(
      Cluster cluster, Duration every, Attempts attempts, Instant now) {
    return new BackupSchedule(
        every, cluster.changed(), attempts.lastGood(), attempts.failed(now).map(Sent::at));
  }

  private Otherwise otherwise(Cluster cluster, Attempts attempts, Instant now) {
    if (attempts.saving(now)) {
      return Otherwise.SAVING;
    }
    boolean changing =
        workers
            .latest(cluster.name())
            .map(Latest::decision)
            .map(d -> d instanceof Decision.Act || d instanceof Decision.Wait)
            .orElse(true);
    return changing ? Otherwise.CHANGING : Otherwise.QUIET;
  }

  private void save(Cluster cluster, Instant now) {
    Optional<ClusterSpec.Member> from =
        workers
            .latest(cluster.name())
            .flatMap(l -> SnapshotSource.of(new Situation(cluster.spec(), l.view())));
    if (from.isEmpty()) {
      return; // it is tried again, and told when it is overdue
    }
    ClusterSpec.Member member = from.get();
    Operation operation =
        new Operation(
            "backup-" + ids.fresh().get(),
            ids.epoch(),
            now.plus(SAVING_TIME),
            new Operation.SaveSnapshot(new MemberConfig.Id(cluster.name(), member.name())));
    store
        .operations()
        .add(
            new Sent(
                operation,
                member.host(),
                Optional.of(cluster.name()),
                Optional.of(member.name()),
                now,
                Optional.empty(),
                Optional.empty()));
    agents.send(member.host(), operation);
  }

  private void tell(Cluster cluster, Sent failed) {
    event(
        cluster,
        Journal.Severity.WARNING,
        Optional.of(Code.Q2108),
        "no snapshot from %s: %s".formatted(failed.host(), Attempts.reason(failed)));
  }

  private void prune(Cluster cluster, SnapshotRetention retention, Instant now) {
    for (Snapshots.Snapshot gone : shelf.prune(cluster.name(), retention, now, this::inUse)) {
      store.operations().forget(gone.id());
      event(
          cluster,
          Journal.Severity.INFO,
          Optional.empty(),
          "snapshot %s of %s is no longer kept".formatted(gone.id(), gone.at()));
    }
  }

  /** A restore that has begun, or a drill, needs its file to the end. */
  private boolean inUse(String sha256) {
    List<Cluster> clusters = store.clusters().list();
    boolean restoring =
        clusters.stream()
            .map(c -> c.intent().foundation())
            .filter(f -> !f.formed())
            .anyMatch(f -> f.seed() instanceof Seed.Snapshot seed && seed.sha256().equals(sha256));
    return restoring
        || clusters.stream()
            .flatMap(c -> store.operations().of(c.name()).stream())
            .filter(o -> o.outcome().isEmpty())
            .map(o -> o.operation().task())
            .anyMatch(
                t -> t instanceof Operation.DrillSnapshot drill && drill.sha256().equals(sha256));
  }

  private void event(Cluster cluster, Journal.Severity severity, Optional<Code> code, String text) {
    store
        .journal()
        .add(
            new Journal.Event(
                0,
                clock.instant(),
                Optional.of(cluster.name()),
                severity,
                code,
                cluster.name().value(),
                text));
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      if (thread.isAlive()) {
        boolean ended = thread.join(ENDING);
        LOG.debug("ended: {}", ended);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
