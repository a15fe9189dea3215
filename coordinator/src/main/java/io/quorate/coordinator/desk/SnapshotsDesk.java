package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.SnapshotDesk;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.Finding;
import io.quorate.coordinator.api.v1.SnapshotView;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Snapshots.Snapshot;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Snapshots, and the two ways back from disaster: each is a new foundation for the cluster. */
public final class SnapshotsDesk implements SnapshotDesk {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** What etcd's own guide adds, so that no client's cached revision is ever reached twice. */
  private static final long BUMP = 1_000_000_000L;

  private final Office office;
  private final Asking asking;
  private final Applying applying;
  private final Predicate<String> intact;

  public SnapshotsDesk(Office office, Asking asking, Applying applying, Predicate<String> intact) {
    this.office = office;
    this.asking = asking;
    this.applying = applying;
    this.intact = intact;
  }

  @Override
  public List<SnapshotView> of(String cluster) {
    Cluster found = office.cluster(cluster);
    return office.store().snapshots().list(found.name()).stream()
        .sorted(Comparator.comparing(Snapshot::at).reversed())
        .map(SnapshotsDesk::view)
        .toList();
  }

  private static SnapshotView view(Snapshot s) {
    return new SnapshotView(
        s.id(),
        s.cluster().value(),
        s.origin().member().value(),
        s.origin().version().toString(),
        s.at(),
        s.size(),
        s.sha256(),
        s.content().revision(),
        s.content().keys(),
        s.verified(),
        s.drilled());
  }

  @Override
  public SnapshotView save(String cluster, Caller by) {
    Cluster found = office.cluster(cluster);
    Situation situation = new Situation(found.spec(), office.latest(found).view());
    ClusterSpec.Member from =
        situation.inOrderOfChange().stream()
            .filter(m -> situation.well(m.name()) && situation.connected(m.host()))
            .findFirst()
            .orElseThrow(
                () ->
                    Problem.of(Code.Q3504, "no member of %s can be asked".formatted(cluster))
                        .withRemedy("quorate status " + cluster)
                        .asException());
    Optional<OperationOutcome> outcome =
        asking.ask(
            from.host(),
            Optional.of(found.name()),
            Optional.of(from.name()),
            new Operation.SaveSnapshot(new MemberConfig.Id(found.name(), from.name())),
            PATIENCE);
    if (outcome.isEmpty() || !outcome.get().succeeded()) {
      throw Problem.of(
              Code.Q3504,
              "the snapshot from %s failed: %s"
                  .formatted(
                      from.name(),
                      outcome.map(OperationOutcome::sentence).orElse("no answer in time")))
          .withRemedy("quorate host describe " + from.host())
          .asException();
    }
    io.quorate.coordinator.rollout.ClusterWorker.absorb(
        office.store(), found, intact, office.now());
    return view(snapshot(found, outcome.get().operationId()));
  }

  private Snapshot snapshot(Cluster cluster, String id) {
    return office
        .store()
        .snapshots()
        .find(id)
        .filter(s -> s.cluster().equals(cluster.name()))
        .orElseThrow(
            () ->
                Problem.of(Code.Q3503, "%s has no snapshot %s".formatted(cluster.name(), id))
                    .withRemedy("quorate snapshot list " + cluster.name())
                    .asException());
  }

  @Override
  public SnapshotView verify(String cluster, String id, boolean drill, Caller by) {
    Cluster found = office.cluster(cluster);
    Snapshot snapshot = snapshot(found, id);
    requireIntact(snapshot);
    Snapshot verified = with(snapshot, Optional.of(office.now()), snapshot.drilled());
    if (drill) {
      drill(found, snapshot);
      verified = with(snapshot, Optional.of(office.now()), Optional.of(office.now()));
    }
    office.store().snapshots().save(verified);
    return view(verified);
  }

  private void requireIntact(Snapshot snapshot) {
    if (!intact.test(snapshot.sha256())) {
      throw Problem.of(
              Code.Q3501,
              "snapshot %s is not what was saved: its digest is another one"
                  .formatted(snapshot.id()))
          .withState("nothing was changed")
          .withRemedy("choose another: quorate snapshot list " + snapshot.cluster())
          .asException();
    }
  }

  private void drill(Cluster cluster, Snapshot snapshot) {
    ClusterView view = office.latest(cluster).view();
    ClusterView.Placement where =
        view.placements().stream()
            .filter(p -> p.issued().isPresent())
            .filter(p -> view.host(p.host()).map(h -> h.connected()).orElse(false))
            .findFirst()
            .orElseThrow(
                () ->
                    Problem.of(Code.Q3505, "no host of %s is connected".formatted(cluster.name()))
                        .asException());
    Optional<OperationOutcome> outcome =
        asking.ask(
            where.host(),
            Optional.of(cluster.name()),
            Optional.of(where.member()),
            new Operation.DrillSnapshot(
                cluster.name(),
                snapshot.sha256(),
                snapshot.size(),
                Situation.document(where).releases().running(),
                snapshot.content().revision(),
                snapshot.content().keys()),
            PATIENCE);
    if (outcome.isEmpty() || !outcome.get().succeeded()) {
      throw Problem.of(
              Code.Q3505,
              "snapshot %s did not restore on %s: %s"
                  .formatted(
                      snapshot.id(),
                      where.host(),
                      outcome.map(OperationOutcome::sentence).orElse("no answer in time")))
          .withRemedy("quorate snapshot save " + cluster.name())
          .asException();
    }
  }

  private static Snapshot with(
      Snapshot s, Optional<java.time.Instant> verified, Optional<java.time.Instant> drilled) {
    return new Snapshot(
        s.id(),
        s.cluster(),
        s.origin(),
        s.at(),
        s.sha256(),
        s.size(),
        s.content(),
        verified,
        drilled);
  }

  @Override
  public Changed restore(String cluster, String id, boolean skipHashCheck, Caller by) {
    Cluster found = office.cluster(cluster);
    Snapshot snapshot =
        office
            .store()
            .snapshots()
            .find(id)
            .orElseThrow(
                () ->
                    Problem.of(Code.Q3503, "there is no snapshot " + id)
                        .withRemedy("quorate snapshot list " + cluster)
                        .asException());
    requireIntact(snapshot);
    Seed seed = new Seed.Snapshot(snapshot.sha256(), snapshot.size(), BUMP, true, skipHashCheck);
    return found(found, seed, List.of(), "Restore %s from %s".formatted(cluster, id), by);
  }

  /**
   * A new foundation: whatever data there was is superseded by name, and set aside by the hosts.
   */
  private Changed found(
      Cluster cluster, Seed seed, List<MemberName> founders, String title, Caller by) {
    List<String> superseded =
        office.store().documents().of(cluster.name()).values().stream()
            .map(i -> i.document().data().lineage())
            .distinct()
            .toList();
    String token = cluster.name() + "-" + Office.fresh(8);
    return applying.intervene(
        cluster,
        title,
        c ->
            c.withIntent(
                Intents.withFoundation(
                    c.intent(),
                    new Intent.Foundation(token, seed, superseded, false, 0, founders))),
        by);
  }

  @Override
  public SnapshotView.Recovery recovery(String cluster) {
    Cluster found = office.cluster(cluster);
    Situation situation = new Situation(found.spec(), office.latest(found).view());
    List<EtcdView.Endpoint> survivors = survivors(situation);
    return new SnapshotView.Recovery(
        cluster,
        found.spec().members().stream().map(m -> survivor(m, situation)).toList(),
        survivors.stream().findFirst().map(e -> e.member().value()).orElse(""),
        "writes that only lost members had acknowledged among themselves; at most what the chosen"
            + " member had not yet received",
        stops(found, situation, survivors));
  }

  /** Those that still answer, the one with the newest log first. */
  private static List<EtcdView.Endpoint> survivors(Situation situation) {
    return situation.seen().etcd().endpoints().stream()
        .filter(e -> e.status().isPresent())
        .filter(e -> !e.status().get().learner())
        .sorted(
            Comparator.comparing((EtcdView.Endpoint e) -> e.status().orElseThrow().raft().term())
                .thenComparing(e -> e.status().orElseThrow().raft().index())
                .reversed())
        .toList();
  }

  private static SnapshotView.Survivor survivor(ClusterSpec.Member member, Situation situation) {
    Optional<EtcdView.Endpoint> endpoint = situation.endpoint(member.name());
    return new SnapshotView.Survivor(
        member.name().value(),
        member.host().value(),
        endpoint.flatMap(EtcdView.Endpoint::status).isPresent(),
        endpoint.flatMap(EtcdView.Endpoint::status).map(s -> s.raft().applied()).orElse(0L),
        situation.seen().host(member.host()).map(h -> h.lastSeen()));
  }

  private static List<Finding> stops(
      Cluster cluster, Situation situation, List<EtcdView.Endpoint> survivors) {
    if (situation.seen().etcd().members().isPresent()) {
      return List.of(
          StatusViews.finding(
              Code.Q3506,
              "%s has its quorum".formatted(cluster.name()),
              "",
              "quorate member replace %s MEMBER --with HOST".formatted(cluster.name())));
    }
    return survivors.isEmpty()
        ? List.of(
            StatusViews.finding(
                Code.Q3507,
                "no member of %s answers".formatted(cluster.name()),
                "",
                "quorate snapshot restore " + cluster.name()))
        : List.of();
  }

  @Override
  public Changed recover(String cluster, Optional<String> chosen, Caller by) {
    Cluster found = office.cluster(cluster);
    Situation situation = new Situation(found.spec(), office.latest(found).view());
    List<EtcdView.Endpoint> survivors = survivors(situation);
    for (Finding stop : stops(found, situation, survivors)) {
      throw Problem.of(Code.valueOf(stop.code()), stop.sentence())
          .withState("nothing was changed")
          .withRemedy(stop.remedies().getFirst())
          .asException();
    }
    MemberName survivor = chosen.map(MemberName::of).orElseGet(() -> survivors.getFirst().member());
    String lineage =
        situation.seen().placements(survivor).stream()
            .flatMap(p -> p.issued().stream())
            .map(i -> i.document().data().lineage())
            .findFirst()
            .orElseThrow(
                () ->
                    Problem.of(Code.Q3507, "%s has no data here".formatted(survivor))
                        .asException());
    return found(
        found,
        new Seed.Forced(lineage),
        List.of(survivor),
        "Recover %s from %s".formatted(cluster, survivor),
        by);
  }
}
