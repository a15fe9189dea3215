package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.catalogue.SnapshotShelf;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Snapshots.Snapshot;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A snapshot in place of a cluster's data, on every member.
 *
 * <ol>
 *   <li>The snapshot must be whole: every byte is read, its hash must be right. One without a hash,
 *       a database copied from a data directory, needs its owner's word ({@code skipHashCheck}).
 *   <li>One of another cluster needs {@code accept: other-cluster}.
 *   <li>It must be of the cluster's own minor version, whose tool restores it.
 *   <li>Every host is asked whether it could: room for the copy, a release with etcdutl, and that
 *       it is there at all.
 *   <li>Then the cluster gets a new foundation. A host that runs a member still fetches its copy
 *       before it stops it.
 * </ol>
 */
final class Restoring {
  private final Office office;
  private final Applying applying;
  private final SnapshotShelf shelf;

  Restoring(Office office, Applying applying, SnapshotShelf shelf) {
    this.office = office;
    this.applying = applying;
    this.shelf = shelf;
  }

  static QuorateException unknown(String id, ClusterName cluster) {
    return Problem.of(Code.Q3503, "there is no snapshot %s of %s".formatted(id, cluster))
        .withState("nothing was changed")
        .withRemedy("quorate snapshot list " + cluster)
        .asException();
  }

  Changed restore(Cluster cluster, Requests.Restore request, Caller by) {
    AtomicReference<Changed> changed = new AtomicReference<>();
    shelf.undisturbed(() -> changed.set(begin(cluster, request, by)));
    return changed.get();
  }

  private Changed begin(Cluster cluster, Requests.Restore request, Caller by) {
    Snapshot snapshot =
        office
            .store()
            .snapshots()
            .find(request.snapshot())
            .orElseThrow(() -> unknown(request.snapshot(), cluster.name()));
    Seed seed =
        new SnapshotSeeds(office, shelf)
            .seed(
                cluster.name(),
                cluster.spec().version(),
                snapshot,
                request.skipHashCheck(),
                request.accept());
    Intent.Foundation foundation = Refounding.onSnapshot(office, cluster, seed);
    applying.preflight().requireFoundable(cluster, foundation);
    return applying.refound(
        cluster,
        "Restore %s from %s".formatted(cluster.name(), snapshot.id()),
        Refounding.of(foundation),
        by);
  }
}
