package io.quorate.coordinator.etcd.model;

import io.quorate.coordinator.plan.EtcdView.Member;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How clusters come into being: from nothing, by the rules of {@code initial-cluster}; from a
 * snapshot; or forced out of one member's data.
 *
 * <ol>
 *   <li>From nothing: all whose list and token are the same are one cluster.
 *   <li>From a snapshot: the same, and its log begins with what the snapshot holds. Another
 *       snapshot under the same token, or a founder without one, is an anomaly: members would
 *       differ for good.
 *   <li>Forced: a history of its own that begins with all that the data holds, its one member the
 *       data's. It tells the id of the cluster that it comes from, as etcd does. To force out of a
 *       cluster that was forced before and has served since as an ordinary one is an anomaly: it
 *       would lose the members that it has now.
 * </ol>
 */
final class Founding {
  private final ModelEtcd etcd;
  private final List<String> anomalies;
  private final ModelCluster.End end;
  private int forced;

  Founding(ModelEtcd etcd, List<String> anomalies, ModelCluster.End end) {
    this.etcd = etcd;
    this.anomalies = anomalies;
    this.end = end;
  }

  private static SortedMap<Long, Member> founders(StartConfig config) {
    TreeMap<Long, Member> members = new TreeMap<>();
    config
        .initialCluster()
        .forEach(
            (name, url) -> {
              long id = id("member", url, config.token());
              members.put(id, new Member(id, name, List.of(url), List.of(), false));
            });
    return members;
  }

  private ModelCluster begin(ModelCluster.Beginning beginning) {
    ModelCluster cluster =
        new ModelCluster(beginning, etcd.time(), etcd.random(), etcd.network(), end);
    etcd.clusters().put(cluster.id, cluster);
    return cluster;
  }

  private static State of(SortedMap<Long, Member> members) {
    return new State(members, Set.of(), Optional.empty(), Optional.empty());
  }

  // ---- from nothing ----

  Optional<String> found(ModelProcess process) {
    StartConfig config = process.config;
    SortedMap<Long, Member> members = founders(config);
    long clusterId = id("cluster", members.keySet().toString(), config.token());
    process.memberId = id("member", config.peerUrl(), config.token());
    if (!members.containsKey(process.memberId)) {
      return Optional.of(
          "couldn't find local name \"%s\" in the initial cluster configuration"
              .formatted(config.name()));
    }
    ModelCluster cluster = etcd.clusters().get(clusterId);
    if (cluster == null) {
      cluster = begin(ModelCluster.Beginning.empty(clusterId, of(members)));
    } else if (bootstrapped(cluster, process)) {
      return Optional.of("member %x has already been bootstrapped".formatted(process.memberId));
    } else if (!cluster.base.isEmpty()) {
      anomalies.add("%s begins empty in a cluster that was restored".formatted(config.name()));
    }
    process.cluster = cluster;
    process.index = 0;
    process.save();
    return Optional.empty();
  }

  private boolean bootstrapped(ModelCluster cluster, ModelProcess process) {
    return cluster.processes().stream()
        .filter(peer -> peer.alive() && etcd.network().connects(peer.place(), process.place()))
        .map(peer -> cluster.stateAt(peer.index).members().get(process.memberId))
        .anyMatch(member -> member != null && !member.clientUrls().isEmpty());
  }

  // ---- from a snapshot ----

  static String snapshot(ModelProcess process) {
    return process.held().stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  String restore(String snapshot, StartConfig config) {
    List<Long> content =
        snapshot.isEmpty()
            ? List.of()
            : Arrays.stream(snapshot.split(",", -1)).map(Long::parseLong).toList();
    SortedMap<Long, Member> members = founders(config);
    long clusterId = id("cluster", members.keySet().toString(), config.token());
    ModelCluster known = etcd.clusters().get(clusterId);
    if (known == null) {
      ModelCluster unused =
          begin(new ModelCluster.Beginning(clusterId, clusterId, of(members), content));
    } else if (!known.base.equals(content)) {
      anomalies.add("%s is restored from something else".formatted(config.name()));
    }
    long memberId = id("member", config.peerUrl(), config.token());
    return new Data(clusterId, memberId, content.size()).text();
  }

  // ---- by force ----

  Optional<String> force(ModelProcess process, Data data, ModelCluster from) {
    boolean again = from.id != from.told;
    if (again && from.ordinary) {
      anomalies.add("%s is forced again".formatted(process.config.name()));
    }
    State known = from.stateAt(data.index());
    Member self = known.members().get(data.memberId());
    if (self == null) {
      return Optional.of("the data does not list its own member");
    }
    Set<Long> removed = new HashSet<>(known.removed());
    removed.addAll(known.members().keySet());
    removed.remove(self.id());
    TreeMap<Long, Member> alone = new TreeMap<>();
    alone.put(self.id(), self);
    List<Long> log = new ArrayList<>(from.writes.subList(0, data.index()));
    process.cluster =
        begin(
            new ModelCluster.Beginning(
                id("forced", Long.toHexString(from.id), String.valueOf(++forced)),
                from.told,
                new State(alone, removed, known.version(), Optional.empty()),
                log));
    process.memberId = self.id();
    process.index = log.size();
    process.save();
    return Optional.empty();
  }

  static long id(String kind, String what, String salt) {
    long hash = 1125899906842597L;
    for (char c : (kind + '/' + what + '/' + salt).toCharArray()) {
      hash = 31 * hash + c;
    }
    hash ^= hash >>> 29;
    hash *= 0xbf58476d1ce4e5b9L;
    return hash ^ (hash >>> 32);
  }
}
