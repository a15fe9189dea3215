package io.quorate.coordinator.store;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.MemberName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Snapshots that the coordinator holds; the files lie in the snapshot directory. */
public interface Snapshots {
  List<Snapshot> list(ClusterName cluster);

  Optional<Snapshot> find(String id);

  void save(Snapshot snapshot);

  void remove(String id);

  /** Where the bytes are. */
  interface Shelf {
    boolean holds(String sha256);

    /**
     * Records a snapshot whose bytes have arrived, once its hash is found right; otherwise refuses
     * (Q3501) and drops it. The same again changes nothing.
     */
    Snapshot add(Snapshot snapshot, Instant now);
  }

  /**
   * {@code verified} says when its hash was last found right; {@code drilled} how it was last
   * restored in a drill.
   */
  record Snapshot(
      String id,
      ClusterName cluster,
      Origin origin,
      Instant at,
      String sha256,
      long size,
      Content content,
      Optional<Instant> verified,
      Optional<Drill> drilled) {
    public Snapshot withVerified(Optional<Instant> when) {
      return new Snapshot(id, cluster, origin, at, sha256, size, content, when, drilled);
    }

    public Snapshot withDrill(Drill drill) {
      return new Snapshot(
          id, cluster, origin, at, sha256, size, content, verified, Optional.of(drill));
    }
  }

  /** A restore on trial that went well, and how long it took. */
  record Drill(Instant at, Duration took) {}

  record Origin(MemberName member, EtcdVersion version, long clusterId) {}

  /** What its own tool tells of the file; {@code keys} counts revisions and tombstones, too. */
  record Content(long revision, long keys, long hash, Optional<Live> live) {
    public Content(long revision, long keys, long hash) {
      this(revision, keys, hash, Optional.empty());
    }
  }

  /**
   * What the member that it came from answered at its revision: how many keys, and the hash of the
   * key space since the compacted revision. A restored etcd must answer the same.
   */
  record Live(long keys, long hash, long compacted) {}
}
