package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.catalogue.SnapshotShelf;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Snapshots.Snapshot;
import java.util.List;

/** Whether a snapshot may become a cluster's data, and how it is laid down then. */
final class SnapshotSeeds {
  static final String OTHER_CLUSTER = "other-cluster";

  /** What etcd's own guide adds, so that no client's cached revision is ever reached twice. */
  private static final long BUMP = 1_000_000_000L;

  private final Office office;
  private final SnapshotShelf shelf;

  SnapshotSeeds(Office office, SnapshotShelf shelf) {
    this.office = office;
    this.shelf = shelf;
  }

  /** For a new cluster. One without a hash was accepted when it was added. */
  static Seed of(Office office, SnapshotShelf shelf, ClusterSpec wanted, String id) {
    Snapshot snapshot =
        office
            .store()
            .snapshots()
            .find(id)
            .orElseThrow(() -> Restoring.unknown(id, wanted.cluster()));
    return new SnapshotSeeds(office, shelf)
        .seed(
            wanted.cluster(),
            wanted.version(),
            snapshot,
            snapshot.verified().isEmpty(),
            List.of(OTHER_CLUSTER));
  }

  /** How it is laid down, or why it is not. */
  Seed seed(
      ClusterName cluster,
      EtcdVersion version,
      Snapshot snapshot,
      boolean skipHashCheck,
      List<String> accept) {
    if (!skipHashCheck) {
      shelf.verify(snapshot.id(), office.now());
    } else if (!shelf.intact(snapshot)) {
      throw Problem.of(Code.Q3501, "the snapshot is damaged: its bytes are not those that came")
          .withState("nothing was changed")
          .withRemedy("quorate snapshot list " + cluster)
          .asException();
    }
    if (!snapshot.cluster().equals(cluster) && !accept.contains(OTHER_CLUSTER)) {
      throw Problem.of(
              Code.Q3502,
              "snapshot %s is of the cluster %s, not of %s"
                  .formatted(snapshot.id(), snapshot.cluster(), cluster))
          .withState("nothing was changed")
          .withRemedy("if that is what you want, accept it: --accept " + OTHER_CLUSTER)
          .asException();
    }
    EtcdVersion from = snapshot.origin().version();
    if (!from.sameMinor(version)) {
      throw Problem.of(
              Code.Q3508,
              "the snapshot is of etcd %s, and %s is to run %s".formatted(from, cluster, version))
          .withState("nothing was changed")
          .withRemedy("restore with etcd %s, then upgrade".formatted(from.minorText()))
          .asException();
    }
    boolean bumps = bumps(version);
    return new Seed.Snapshot(
        snapshot.sha256(), snapshot.size(), bumps ? BUMP : 0, bumps, skipHashCheck);
  }

  /** Whether that version's own tool can raise the revision; older ones restore without. */
  private static boolean bumps(EtcdVersion version) {
    return version.atLeast(3, 5, 10)
        || (version.minorText().equals("3.4") && version.atLeast(3, 4, 27));
  }
}
