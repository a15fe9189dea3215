package io.quorate.coordinator.store;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.MemberName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Snapshots that the coordinator holds; the files lie in the snapshot directory. */
public interface Snapshots {
  List<Snapshot> list(ClusterName cluster);

  Optional<Snapshot> find(String id);

  void save(Snapshot snapshot);

  void remove(String id);

  /**
   * {@code verified} says when its hash was last found right; {@code drilled} when it was last
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
      Optional<Instant> drilled) {}

  record Origin(MemberName member, EtcdVersion version, long clusterId) {}

  record Content(long revision, long keys, long hash) {}
}
