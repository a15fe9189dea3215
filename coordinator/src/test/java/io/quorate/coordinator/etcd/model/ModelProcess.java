package io.quorate.coordinator.etcd.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One running etcd. */
public final class ModelProcess {
  /** How far it has come. */
  enum Phase {
    BOOTING,
    /** Takes part in raft; its client port is closed until it has told the cluster its name. */
    JOINED,
    SERVING,
    ENDED
  }

  /** Told once, when it ends by itself or is made to. */
  public interface Exit {
    void ended(int code, String lastWords);
  }

  final StartConfig config;
  final Exit exit;
  final Instant started;
  private final String place;
  Phase phase = Phase.BOOTING;
  boolean stopping;
  boolean catchingUp;
  boolean toldOfRemoval;

  /** Frozen: alive, its sockets open, answering nothing. */
  boolean frozen;

  @Nullable ModelCluster cluster;
  long memberId;
  int index;

  ModelProcess(StartConfig config, Exit exit, Instant started) {
    this.config = config;
    this.exit = exit;
    this.started = started;
    this.place = config.place();
  }

  /** Client port open and answering: what systemd takes for started. */
  public boolean serving() {
    return phase == Phase.SERVING;
  }

  public boolean ended() {
    return phase == Phase.ENDED;
  }

  /** Who it is, what it runs and where. */
  public String describe() {
    return config.name() + " " + config.version() + " " + config.place();
  }

  public long memberId() {
    return memberId;
  }

  /** As it tells it: a cluster that was forced has the id of the one that it comes from. */
  public Optional<Long> clusterId() {
    return Optional.ofNullable(cluster).map(c -> c.told);
  }

  /** Every write of a client that its data holds. */
  public List<Long> held() {
    return cluster == null ? List.of() : cluster.content(index);
  }

  /** Takes part in raft. */
  boolean alive() {
    return (phase == Phase.JOINED || phase == Phase.SERVING) && !frozen;
  }

  /** What is written through it is committed. */
  public boolean commits() {
    return cluster != null && cluster.canCommit() && cluster.leaderOf(this).isPresent();
  }

  String place() {
    return place;
  }

  void save() {
    if (cluster != null) {
      config.data().write(data());
    }
  }

  /** What its data says of itself; empty while it has none. */
  public String data() {
    return cluster == null ? "" : new Data(cluster.id, memberId, index).text();
  }
}
