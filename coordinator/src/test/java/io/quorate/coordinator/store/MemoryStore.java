package io.quorate.coordinator.store;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.plan.ClusterView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The fake: everything in memory behind one lock; passes the same contract as the real one. */
public final class MemoryStore implements Store {
  private final Locked lock = new Locked();
  private final Hosts hosts = new MemoryHosts(lock);
  private final Clusters clusters = new MemoryClusters();
  private final MemoryDocuments documents = new MemoryDocuments();
  private final Operations operations = new MemoryRecords.MemoryOperations(lock);
  private final Releases releases = new MemoryRecords.MemoryReleases(lock);
  private final Snapshots snapshots = new MemoryRecords.MemorySnapshots(lock);
  private final Journal journal = new MemoryJournal(lock);
  private final Operators operators = new MemoryRecords.MemoryOperators(lock);
  private final Audit audit = new MemoryRecords.MemoryAudit(lock);
  private long epoch;

  /** One call at a time; a call from inside a change is a bug, as it is with the real one. */
  static final class Locked {
    private final ReentrantLock lock = new ReentrantLock();

    <T extends @Nullable Object> T call(Supplier<T> work) {
      if (lock.isHeldByCurrentThread()) {
        throw new IllegalStateException("the store was called from inside a change");
      }
      lock.lock();
      try {
        return work.get();
      } finally {
        lock.unlock();
      }
    }

    void run(Runnable work) {
      call(
          () -> {
            work.run();
            return true;
          });
    }
  }

  @Override
  public long raiseEpoch() {
    return lock.call(() -> ++epoch);
  }

  @Override
  public void restored() {
    lock.run(
        () -> {
          epoch += 1_000_000;
          documents.unknown.addAll(documents.generations.keySet());
        });
    hosts.list().forEach(host -> documents.unknown.add(host.name()));
  }

  @Override
  public Hosts hosts() {
    return hosts;
  }

  @Override
  public Clusters clusters() {
    return clusters;
  }

  @Override
  public Documents documents() {
    return documents;
  }

  @Override
  public Operations operations() {
    return operations;
  }

  @Override
  public Releases releases() {
    return releases;
  }

  @Override
  public Snapshots snapshots() {
    return snapshots;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public Operators operators() {
    return operators;
  }

  @Override
  public Audit audit() {
    return audit;
  }

  @Override
  public void close() {}

  private final class MemoryClusters implements Clusters {
    private final SortedMap<ClusterName, Cluster> byName = new TreeMap<>();
    private final Map<ClusterName, List<Revision>> revisions = new HashMap<>();

    @Override
    public List<Cluster> list() {
      return lock.call(() -> List.copyOf(byName.values()));
    }

    @Override
    public Optional<Cluster> find(ClusterName name) {
      return lock.call(() -> Optional.ofNullable(byName.get(name)));
    }

    @Override
    public void create(Cluster cluster) {
      lock.run(
          () -> {
            if (byName.containsKey(cluster.name())) {
              throw Problem.of(
                      Code.Q1304, "there is a cluster '%s' already".formatted(cluster.name()))
                  .asException();
            }
            byName.put(cluster.name(), cluster);
            remember(cluster);
          });
    }

    @Override
    public Cluster update(ClusterName name, UnaryOperator<Cluster> change) {
      return lock.call(
          () -> {
            Cluster before = byName.get(name);
            if (before == null) {
              throw Problem.of(Code.Q1303, "there is no cluster '%s'".formatted(name))
                  .asException();
            }
            Cluster after = change.apply(before);
            if (!after.name().equals(name)) {
              throw new IllegalArgumentException("a cluster keeps its name");
            }
            byName.put(name, after);
            if (after.intent().revision() != before.intent().revision()) {
              remember(after);
            }
            return after;
          });
    }

    @Override
    public void delete(ClusterName name) {
      lock.run(() -> byName.remove(name));
    }

    @Override
    public List<Revision> history(ClusterName name) {
      return lock.call(() -> List.copyOf(revisions.getOrDefault(name, List.of())).reversed());
    }

    private void remember(Cluster cluster) {
      revisions
          .computeIfAbsent(cluster.name(), n -> new ArrayList<>())
          .add(
              new Revision(
                  cluster.intent().revision(), cluster.text(), cluster.changed(), cluster.by()));
    }
  }

  private final class MemoryDocuments implements Documents {
    private final Set<HostName> unknown = new HashSet<>();
    private final Map<HostName, Long> generations = new HashMap<>();
    private final Map<HostName, Map<MemberConfig.Id, ClusterView.Issued>> issued = new TreeMap<>();

    @Override
    public HostConfig current(HostName host, long epoch) {
      return lock.call(
          () -> {
            List<MemberConfig> members =
                on(host).values().stream()
                    .map(ClusterView.Issued::document)
                    .sorted(Comparator.comparing(document -> document.id().toString()))
                    .toList();
            HostConfig empty = HostConfig.empty(epoch);
            return new HostConfig(
                epoch, generations.getOrDefault(host, 0L), members, empty.keepReleases());
          });
    }

    @Override
    public void issue(Map<HostName, MemberConfig> documents, Instant at) {
      lock.run(
          () ->
              documents.forEach(
                  (host, document) ->
                      on(host)
                          .put(
                              document.id(),
                              new ClusterView.Issued(document, raiseGeneration(host), at))));
    }

    @Override
    public void forget(HostName host, MemberConfig.Id member, Instant at) {
      lock.run(
          () -> {
            if (on(host).remove(member) != null) {
              raiseGeneration(host);
            }
          });
    }

    @Override
    public Map<HostName, ClusterView.Issued> of(ClusterName cluster) {
      return lock.call(
          () -> {
            Map<HostName, ClusterView.Issued> found = new TreeMap<>();
            issued.forEach(
                (host, documents) ->
                    documents.values().stream()
                        .filter(one -> one.document().id().cluster().equals(cluster))
                        .forEach(one -> found.put(host, one)));
            return found;
          });
    }

    @Override
    public Optional<ClusterView.Issued> find(HostName host, MemberConfig.Id member) {
      return lock.call(() -> Optional.ofNullable(on(host).get(member)));
    }

    @Override
    public boolean known(HostName host) {
      return lock.call(() -> !unknown.contains(host));
    }

    @Override
    public void adopt(HostName host, HostConfig inForce, Instant at) {
      lock.run(
          () -> {
            on(host).clear();
            generations.merge(host, inForce.generation(), Long::max);
            for (MemberConfig member : inForce.members()) {
              on(host).put(member.id(), new ClusterView.Issued(member, raiseGeneration(host), at));
            }
            raiseGeneration(host);
            unknown.remove(host);
          });
    }

    private Map<MemberConfig.Id, ClusterView.Issued> on(HostName host) {
      return issued.computeIfAbsent(host, name -> new HashMap<>());
    }

    private long raiseGeneration(HostName host) {
      return generations.merge(host, 1L, Long::sum);
    }
  }
}
