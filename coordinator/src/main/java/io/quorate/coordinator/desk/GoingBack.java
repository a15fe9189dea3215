package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.rollout.TurningBack;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.util.Optional;

/** Giving a rollout up and going back, as long as exchanging binaries leads back. */
final class GoingBack {
  /** From here on etcd has a way down of its own. */
  private static final EtcdVersion OWN_WAY_DOWN = new EtcdVersion(3, 6, 0);

  private final Office office;

  GoingBack(Office office) {
    this.office = office;
  }

  void ask(Cluster cluster, Caller by) {
    Optional<ClusterSpec> previous = cluster.intent().previous();
    ClusterView view = office.latest(cluster).view();
    previous
        .flatMap(p -> new Situation(cluster.spec(), view).pastReturnTo(p.version()))
        .ifPresent(seen -> refuse(cluster, seen, previous.orElseThrow().version()));
    TurningBack.to(
        office.store(),
        cluster,
        new TurningBack.Cause("asked for by " + by.name(), by.name(), false),
        office.now());
    office.workers().wake(cluster.name());
  }

  private static void refuse(Cluster cluster, EtcdVersion seen, EtcdVersion back) {
    String name = cluster.name().value();
    Problem problem =
        Problem.of(
                Code.Q3206,
                "%s is at cluster version %s: etcd %s would refuse to start"
                    .formatted(name, seen.minorText(), back))
            .withState("nothing was changed; the rollout goes on as it was")
            .withRemedy("go on: quorate rollout resume " + name);
    throw (seen.compareTo(OWN_WAY_DOWN) >= 0
            ? problem.withRemedy(
                "when it is done, go down by etcd's own procedure: version: %s in its file, and apply it"
                    .formatted(back))
            : problem)
        .withRemedy(
            "or restore the snapshot from before: quorate snapshot list %1$s, then quorate snapshot restore %1$s ID"
                .formatted(name))
        .asException();
  }
}
