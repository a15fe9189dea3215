package io.quorate.coordinator.etcd.model;

import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.etcd.EtcdAdmin;
import io.quorate.coordinator.etcd.model.ModelProcess.Phase;
import io.quorate.coordinator.plan.EtcdView.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * All etcd processes of a small world, the clusters that they make, and what was ever acknowledged
 * to a client. Processes start as etcd does: with data they are who they were; without, they found
 * a cluster or join one by the rules of {@code initial-cluster}, or end with etcd's words.
 */
public final class ModelEtcd {
  private final VirtualTime time;
  private final RandomGenerator random;
  private final Network network;
  private final SortedMap<Long, ModelCluster> clusters = new TreeMap<>();
  private final List<ModelProcess> processes = new ArrayList<>();
  private final List<String> anomalies = new ArrayList<>();
  private final Founding founding;
  private final Set<Long> acknowledged = new HashSet<>();

  public ModelEtcd(VirtualTime time, RandomGenerator random) {
    this.time = time;
    this.random = random;
    this.network =
        new Network(time, () -> List.copyOf(clusters().values()).forEach(ModelCluster::changed));
    this.founding = new Founding(this, anomalies, this::end);
  }

  public VirtualTime time() {
    return time;
  }

  public Network network() {
    return network;
  }

  RandomGenerator random() {
    return random;
  }

  /** Etcd as seen from a place. */
  public EtcdAdmin admin(String from) {
    return new ModelAdmin(this, from);
  }

  // ---- processes ----

  public ModelProcess start(StartConfig config, ModelProcess.Exit exit) {
    ModelProcess process = new ModelProcess(config, exit, time.instant());
    processes.add(process);
    time.after(Duration.ofMillis(100 + random.nextInt(400)), () -> boot(process));
    return process;
  }

  /** SIGTERM: leadership goes over first, then it ends by itself. */
  public void stop(ModelProcess process) {
    if (process.ended() || process.stopping) {
      return;
    }
    process.stopping = true;
    if (process.cluster != null && process.serving()) {
      process.cluster.stepAside(process);
    }
    time.after(Duration.ofMillis(20 + random.nextInt(300)), () -> end(process, 0, ""));
  }

  /** SIGKILL. */
  public void kill(ModelProcess process) {
    end(process, 137, "");
  }

  /** It ends by itself, badly. */
  public void fail(ModelProcess process, String lastWords) {
    end(process, 1, lastWords);
  }

  public void freeze(ModelProcess process, boolean frozen) {
    process.frozen = frozen;
    if (process.cluster != null) {
      process.cluster.changed();
    }
  }

  private void end(ModelProcess process, int code, String lastWords) {
    if (process.ended()) {
      return;
    }
    process.save();
    process.phase = Phase.ENDED;
    processes.remove(process);
    if (process.cluster != null) {
      process.cluster.leave(process);
    }
    process.exit.ended(code, lastWords);
  }

  private void boot(ModelProcess process) {
    if (process.ended()) {
      return;
    }
    String text = process.config.data().read();
    Optional<String> refusal =
        text.isEmpty() ? firstStart(process) : wake(process, Data.parse(text));
    if (refusal.isPresent()) {
      end(process, 1, refusal.get());
      return;
    }
    ModelCluster cluster = Objects.requireNonNull(process.cluster);
    cluster.processes().stream()
        .filter(other -> other.memberId == process.memberId)
        .findFirst()
        .ifPresent(
            other ->
                anomalies.add(
                    "%s runs twice: at %s and at %s"
                        .formatted(
                            process.config.name(),
                            other.config.peerUrl(),
                            process.config.peerUrl())));
    if (!cluster.join(process)) {
      end(process, 2, "panic: tocommit is out of range: was the raft log lost?");
    }
  }

  private Optional<String> wake(ModelProcess process, Data data) {
    ModelCluster cluster = clusters.get(data.clusterId());
    if (cluster == null) {
      return Optional.of("data of a cluster that never was");
    }
    if (process.config.way() == StartConfig.Way.FORCE) {
      return founding.force(process, data, cluster);
    }
    process.cluster = cluster;
    process.memberId = data.memberId();
    process.index = data.index();
    State known = cluster.stateAt(Math.min(data.index(), cluster.length()));
    EtcdVersion own = process.config.version();
    if (known.version().isPresent()) {
      EtcdVersion version = known.version().get();
      boolean lower =
          own.major() < version.major()
              || (own.major() == version.major() && own.minor() < version.minor());
      if (lower) {
        return Optional.of(
            "invalid downgrade; server version is lower than determined cluster version");
      }
      if (own.minor() > version.minor() + 1) {
        return Optional.of("storage version is too old for this server");
      }
    }
    return Optional.empty();
  }

  private Optional<String> firstStart(ModelProcess process) {
    return switch (process.config.way()) {
      case JOIN -> joinExisting(process);
      case FOUND -> founding.found(process);
      case FORCE -> Optional.of("there is no data to force a new cluster from");
    };
  }

  private Optional<String> joinExisting(ModelProcess process) {
    StartConfig config = process.config;
    Optional<ModelProcess> peer =
        processes.stream()
            .filter(p -> p.alive() && p.cluster != null)
            .filter(p -> config.initialCluster().containsValue(p.config.peerUrl()))
            .filter(p -> network.connects(p.place(), process.place()))
            .findFirst();
    if (peer.isEmpty()) {
      return Optional.of("cannot fetch cluster info from peer urls");
    }
    ModelCluster cluster = Objects.requireNonNull(peer.get().cluster);
    State known = cluster.stateAt(peer.get().index);
    if (known.members().size() != config.initialCluster().size()) {
      return Optional.of("error validating peerURLs: member count is unequal");
    }
    for (Member member : known.members().values()) {
      if (member.peerUrls().stream().noneMatch(config.initialCluster()::containsValue)) {
        return Optional.of(
            "error validating peerURLs: PeerURLs: no match found for existing member");
      }
    }
    Optional<Member> own =
        known.members().values().stream()
            .filter(member -> member.peerUrls().contains(config.peerUrl()))
            .findFirst();
    if (own.isEmpty()) {
      return Optional.of("couldn't find local name in the cluster");
    }
    if (known.version().map(v -> v.minor() > config.version().minor()).orElse(false)) {
      return Optional.of("incompatible with current running cluster");
    }
    process.cluster = cluster;
    process.memberId = own.get().id();
    process.index = 0;
    process.save();
    return Optional.empty();
  }

  /** The program that restores: data of one member, ready to start, under a token of its own. */
  public String restore(String snapshot, StartConfig config) {
    return founding.restore(snapshot, config);
  }

  /** What a snapshot from this process holds. */
  public String snapshot(ModelProcess process) {
    return Founding.snapshot(process);
  }

  // ---- what the world tells ----

  List<ModelProcess> processes() {
    return processes;
  }

  Map<Long, ModelCluster> clusters() {
    return clusters;
  }

  /** Things that must not happen, whoever caused them. */
  public List<String> anomalies() {
    List<String> all = new ArrayList<>(anomalies);
    clusters.values().stream()
        .filter(cluster -> !new HashSet<>(cluster.writes).containsAll(cluster.acknowledged))
        .map(cluster -> "cluster %x lost acknowledged writes".formatted(cluster.id))
        .forEach(all::add);
    return all;
  }

  /** A client's write, through whoever serves; true when it was acknowledged. */
  public boolean write(String from, long number) {
    Optional<ModelProcess> through =
        processes.stream()
            .filter(ModelProcess::serving)
            .filter(p -> p.alive() && network.connects(from, p.place()))
            .filter(ModelProcess::commits)
            .findFirst();
    through.ifPresent(
        p -> {
          ModelCluster cluster = Objects.requireNonNull(p.cluster);
          cluster.write(number);
          cluster.acknowledged.add(number);
          acknowledged.add(number);
        });
    return through.isPresent();
  }

  /** The writes that a cluster holds, of all that were ever acknowledged anywhere. */
  public boolean holdsEverything(long clusterId) {
    ModelCluster cluster = clusters.get(clusterId);
    return cluster != null && new HashSet<>(cluster.writes).containsAll(acknowledged);
  }

  /** Every cluster that there ever was; one that was forced is another than it comes from. */
  public Set<Long> histories() {
    return Set.copyOf(clusters.keySet());
  }

  /** Which cluster data is of. */
  public long historyOf(String data) {
    return Data.parse(data).clusterId();
  }

  /** The writes that data holds. */
  public List<Long> contentOf(String data) {
    Data held = Data.parse(data);
    ModelCluster cluster = clusters.get(held.clusterId());
    return cluster == null ? List.of() : cluster.content(held.index());
  }

  /** The writes that a cluster holds. */
  public List<Long> content(long clusterId) {
    ModelCluster cluster = clusters.get(clusterId);
    return cluster == null ? List.of() : cluster.content(cluster.length());
  }

  /** The writes that this cluster, and no other, acknowledged. */
  public Set<Long> acknowledged(long clusterId) {
    ModelCluster cluster = clusters.get(clusterId);
    return cluster == null ? Set.of() : Set.copyOf(cluster.acknowledged);
  }

  /** What one that runs tells its peers about its cluster. */
  public record Told(long clusterId, List<Member> members, boolean serving) {
    public Told {
      members = List.copyOf(members);
    }
  }

  /** What is answered at a peer URL, from a place; empty when no etcd is there. */
  public Optional<Told> told(String peerUrl, String from) {
    return processes.stream()
        .filter(p -> p.alive() && p.config.peerUrl().equals(peerUrl))
        .filter(p -> network.connects(from, p.place()))
        .findFirst()
        .map(
            p -> {
              ModelCluster cluster = Objects.requireNonNull(p.cluster);
              return new Told(
                  cluster.told,
                  List.copyOf(cluster.stateAt(p.index).members().values()),
                  p.serving() && p.commits());
            });
  }

  /** What its own etcd would say: the others that it reaches are a quorum without it. */
  public boolean restHoldsQuorum(ModelProcess process) {
    return process.cluster == null || process.cluster.restHoldsQuorum(process);
  }

  public boolean votes(ModelProcess process) {
    return process.cluster != null && process.cluster.state().votes(process.memberId);
  }

  /** This process' member votes, and nobody serves under its identity. */
  public boolean missesVoter(ModelProcess process) {
    return votes(process)
        && processes.stream().noneMatch(p -> p.serving() && p.memberId == process.memberId);
  }

  public boolean isDataOfAVoter(String data) {
    if (data.isEmpty()) {
      return false;
    }
    Data held = Data.parse(data);
    ModelCluster cluster = clusters.get(held.clusterId());
    return cluster != null && cluster.state().votes(held.memberId());
  }

  /** Clusters with a leader that commits. */
  public List<Long> servingClusters() {
    return clusters.values().stream().filter(ModelCluster::canCommit).map(c -> c.id).toList();
  }

  public boolean everyClusterCommits() {
    return clusters.values().stream().allMatch(ModelCluster::canCommit);
  }

  /** How many members a cluster lists. */
  public int members(long clusterId) {
    ModelCluster cluster = clusters.get(clusterId);
    return cluster == null ? 0 : cluster.state().members().size();
  }

  /** The leader of every cluster steps down. */
  public void disturbLeaders() {
    clusters.values().forEach(ModelCluster::disturb);
  }
}
