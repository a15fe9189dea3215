package io.quorate.coordinator.backup;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.coordinator.catalogue.Blob;
import io.quorate.coordinator.catalogue.IncomingSnapshot;
import io.quorate.coordinator.catalogue.SnapshotShelf;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.Databases;
import io.quorate.coordinator.etcd.EtcdResult;
import io.quorate.coordinator.observe.Agents;
import io.quorate.coordinator.plan.ClusterView.Issued;
import io.quorate.coordinator.store.Snapshots;
import io.quorate.coordinator.store.Store;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agents, except that snapshots are not asked of them first.
 *
 * <ol>
 *   <li>An operation that saves a snapshot is carried out here: the member streams its database to
 *       the coordinator, which digests and writes it as it comes and then reads it to the end. The
 *       host's disk sees nothing of it, and its agent has no work with it.
 *   <li>While it is under way its agent is not told of it ({@link #underWay}).
 *   <li>When that fails, whatever the reason, the agent is: what it does takes longer, but an
 *       upload goes on where it broke off, and its reason is the one that is told when that fails
 *       as well.
 *   <li>A coordinator that was restarted begins again with what has no outcome yet ({@link
 *       #resume}).
 * </ol>
 */
public final class DirectSnapshots implements Agents, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DirectSnapshots.class);
  private static final Duration ENDING = Duration.ofSeconds(5);

  private final Agents agents;
  private final Store store;
  private final SnapshotShelf shelf;
  private final Etcd etcd;
  private final InstantSource clock;
  private final Map<String, Thread> underWay = new ConcurrentHashMap<>();
  private volatile Consumer<OperationOutcome> arrived = outcome -> {};
  private volatile boolean closing;

  /** How members are reached. */
  public interface Reach {
    Optional<Access> access(ClusterName cluster, Map<HostName, Issued> issued);
  }

  public record Etcd(Reach reach, Databases databases) {}

  public DirectSnapshots(
      Agents agents, Store store, SnapshotShelf shelf, Etcd etcd, InstantSource clock) {
    this.agents = agents;
    this.store = store;
    this.shelf = shelf;
    this.etcd = etcd;
    this.clock = clock;
  }

  /** What is to be done about an outcome once it is stored. */
  public void onOutcome(Consumer<OperationOutcome> listener) {
    arrived = listener;
  }

  /** Before the agents can connect, which would be told of it again. */
  public void resume() {
    store.clusters().list().stream()
        .flatMap(cluster -> store.operations().of(cluster.name()).stream())
        .filter(sent -> sent.outcome().isEmpty())
        .filter(sent -> sent.operation().expires().isAfter(clock.instant()))
        .filter(sent -> sent.operation().task() instanceof Operation.SaveSnapshot)
        .forEach(sent -> send(sent.host(), sent.operation()));
  }

  public boolean underWay(Operation operation) {
    return underWay.containsKey(operation.id());
  }

  @Override
  public void send(HostName host, Operation operation) {
    if (operation.task() instanceof Operation.SaveSnapshot save) {
      Thread saving =
          Thread.ofVirtual().name("snapshot").unstarted(() -> save(host, operation, save.member()));
      if (underWay.putIfAbsent(operation.id(), saving) == null) {
        saving.start();
      }
    } else {
      agents.send(host, operation);
    }
  }

  private void save(HostName host, Operation operation, MemberConfig.Id id) {
    OperationOutcome outcome;
    try {
      outcome = fetch(operation, id);
    } catch (IOException | RuntimeException e) {
      underWay.remove(operation.id());
      if (!closing) {
        LOG.warn(
            "{} could not be fetched from {}, so the agent of {} is asked: {}",
            operation.id(),
            id,
            host,
            e.getMessage());
        agents.send(host, operation);
      }
      return;
    }
    try {
      // Stored before it is no longer under way: an agent that connects in between is not told.
      boolean counts = store.operations().finish(outcome, clock.instant());
      underWay.remove(operation.id());
      if (counts) {
        arrived.accept(outcome);
      }
    } catch (RuntimeException e) {
      underWay.remove(operation.id());
      LOG.error("{} was fetched from {}, and could not be taken in", operation.id(), id, e);
    }
  }

  private OperationOutcome fetch(Operation operation, MemberConfig.Id id) throws IOException {
    Map<HostName, Issued> issued = store.documents().of(id.cluster());
    Access access =
        etcd.reach()
            .access(id.cluster(), issued)
            .orElseThrow(() -> new IOException("nothing runs in " + id.cluster()));
    SortedMap<String, String> facts = new TreeMap<>();
    issued.values().stream()
        .filter(one -> one.document().id().equals(id))
        .findFirst()
        .map(one -> one.document().releases().running().version().toString())
        .ifPresent(version -> facts.put("version", version));
    Instant began = clock.instant();
    try (IncomingSnapshot incoming = shelf.receive()) {
      etcd.databases().read(access, id.member(), incoming::take);
      Instant come = clock.instant();
      Snapshots.Content content = incoming.content();
      facts.put("revision", Long.toString(content.revision()));
      facts.put("keys", Long.toString(content.keys()));
      facts.put("hash", Long.toString(content.hash()));
      live(access, id, content.revision(), facts);
      Blob blob = shelf.keep(incoming);
      facts.put("sha256", blob.sha256());
      facts.put("size", Long.toString(blob.size()));
      LOG.info(
          "{}: {} bytes from {}: {} ms to fetch, {} ms to prove and keep",
          operation.id(),
          blob.size(),
          id,
          Duration.between(began, come).toMillis(),
          Duration.between(come, clock.instant()).toMillis());
    }
    return new OperationOutcome(
        operation.id(),
        operation.epoch(),
        Optional.empty(),
        "saved at revision " + facts.get("revision"),
        facts);
  }

  /** For a drill to compare with; a member that does not tell is no reason to be without. */
  private void live(
      Access access, MemberConfig.Id id, long revision, SortedMap<String, String> facts) {
    if (etcd.databases().live(access, id.member(), revision)
        instanceof EtcdResult.Ok<Databases.Live>(Databases.Live live)) {
      facts.put("live.keys", Long.toString(live.keys()));
      facts.put("live.hash", Long.toString(live.hash()));
      facts.put("live.compacted", Long.toString(live.compacted()));
    }
  }

  @Override
  public Optional<Seen> seen(HostName host) {
    return agents.seen(host);
  }

  @Override
  public void push(HostName host) {
    agents.push(host);
  }

  /** What has no outcome by now is begun again by the next coordinator. */
  @Override
  public void close() {
    closing = true;
    underWay.values().forEach(Thread::interrupt);
    try {
      for (Thread saving : underWay.values()) {
        if (!saving.join(ENDING)) {
          LOG.warn("a snapshot is still being fetched");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
