package io.quorate.coordinator.observe;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Release;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.EtcdAdmin;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.ClusterView.Catalogue;
import io.quorate.coordinator.plan.ClusterView.HostView;
import io.quorate.coordinator.plan.ClusterView.Issued;
import io.quorate.coordinator.plan.ClusterView.PendingOperation;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Operations;
import io.quorate.coordinator.store.Releases;
import io.quorate.coordinator.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Brings together what is known about a cluster: the store, the agents' reports, and what etcd says
 * right now.
 */
public final class ClusterObserver {
  private final Store store;
  private final Agents agents;
  private final EtcdAdmin etcd;
  private final Accesses accesses;
  private final InstantSource clock;

  public ClusterObserver(
      Store store, Agents agents, EtcdAdmin etcd, Accesses accesses, InstantSource clock) {
    this.store = store;
    this.agents = agents;
    this.etcd = etcd;
    this.accesses = accesses;
    this.clock = clock;
  }

  /** The hosts' part is read after etcd has answered, so that it is the newer of the two. */
  public ClusterView view(ClusterSpec wanted, Intent intent) {
    Map<HostName, Issued> issued = store.documents().of(wanted.cluster());
    EtcdView said = ask(wanted.cluster(), issued);
    List<Placement> placements = placements(issued);
    return new ClusterView(
        clock.instant(),
        intent,
        placements,
        said,
        hosts(wanted, issued.keySet()),
        catalogue(),
        operations(wanted.cluster()));
  }

  private EtcdView ask(ClusterName cluster, Map<HostName, Issued> issued) {
    Optional<Access> access = access(cluster, issued);
    return access
        .map(a -> etcd.observe(a, clock.instant()))
        .orElseGet(() -> EtcdView.nothing(clock.instant()));
  }

  /** Every member that was ever told to run is asked, those that retired are not. */
  public Optional<Access> access(ClusterName cluster, Map<HostName, Issued> issued) {
    Map<MemberName, Access.Target> targets = new LinkedHashMap<>();
    List<MemberConfig> documents =
        new ArrayList<>(issued.values().stream().map(Issued::document).toList());
    documents.sort(
        java.util.Comparator.comparing(d -> d.conduct().run() == MemberConfig.Run.RUNNING));
    for (MemberConfig document : documents) {
      boolean started =
          document.conduct().run() == MemberConfig.Run.RUNNING
              || document.conduct().run() == MemberConfig.Run.STOPPED;
      if (started) {
        targets.put(
            document.id().member(),
            new Access.Target(document.id().member(), document.endpoints().clientUrl()));
      }
    }
    return targets.isEmpty()
        ? Optional.empty()
        : Optional.of(new Access(cluster, List.copyOf(targets.values()), accesses.of(cluster)));
  }

  private List<Placement> placements(Map<HostName, Issued> issued) {
    return issued.entrySet().stream()
        .map(
            e -> {
              MemberConfig.Id id = e.getValue().document().id();
              Optional<HostReport> report = agents.seen(e.getKey()).flatMap(Agents.Seen::report);
              return new Placement(
                  id.member(),
                  e.getKey(),
                  Optional.of(e.getValue()),
                  report.map(HostReport::generation).orElse(0L),
                  report.flatMap(r -> r.member(id)));
            })
        .toList();
  }

  private SortedMap<HostName, HostView> hosts(ClusterSpec wanted, Set<HostName> issued) {
    Set<HostName> names = new LinkedHashSet<>(issued);
    wanted.members().forEach(m -> names.add(m.host()));
    names.addAll(wanted.policies().spares());
    SortedMap<HostName, HostView> hosts = new TreeMap<>();
    for (HostName name : names) {
      if (store.hosts().find(name).isPresent()) {
        agents
            .seen(name)
            .ifPresentOrElse(
                seen -> hosts.put(name, host(name, seen)),
                () ->
                    hosts.put(
                        name,
                        new HostView(
                            name, false, Instant.EPOCH, architecture(name), 0, List.of())));
      }
    }
    return hosts;
  }

  /** A host that is away is still what it was: its last document tells. */
  private String architecture(HostName host) {
    return store.documents().current(host, 0).members().stream()
        .map(m -> m.releases().running().architecture())
        .findFirst()
        .orElse("unknown");
  }

  private static HostView host(HostName name, Agents.Seen seen) {
    return new HostView(
        name,
        seen.connected(),
        seen.lastSeen(),
        seen.since(),
        seen.facts().architecture(),
        seen.clockOffsetMillis(),
        seen.report().map(HostReport::disks).orElse(List.of()));
  }

  private Catalogue catalogue() {
    List<Release> releases = new ArrayList<>();
    SortedMap<String, String> executables = new TreeMap<>();
    for (Releases.Entry entry : store.releases().list()) {
      releases.add(entry.release());
      Optional.ofNullable(entry.executables().get("etcd"))
          .ifPresent(digest -> executables.put(entry.release().sha256(), digest));
    }
    return new Catalogue(releases, executables);
  }

  private List<PendingOperation> operations(ClusterName cluster) {
    Instant now = clock.instant();
    return store.operations().of(cluster).stream()
        .filter(o -> o.outcome().isEmpty() && o.operation().expires().isAfter(now))
        .filter(o -> o.member().isPresent())
        .map(ClusterObserver::pending)
        .toList();
  }

  private static PendingOperation pending(Operations.Sent sent) {
    return new PendingOperation(
        sent.operation().id(),
        sent.operation().task().getClass().getSimpleName(),
        sent.host(),
        sent.member().orElseThrow(),
        sent.at());
  }
}
