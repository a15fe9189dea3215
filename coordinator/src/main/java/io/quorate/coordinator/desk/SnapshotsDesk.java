package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.model.Release;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.SnapshotDesk;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.api.v1.SnapshotView;
import io.quorate.coordinator.catalogue.SnapshotShelf;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.SnapshotSource;
import io.quorate.coordinator.rollout.ClusterWorker;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Snapshots;
import io.quorate.coordinator.store.Snapshots.Snapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Snapshots: saved, shown, and proved to be good. What is done with them is next door. */
public final class SnapshotsDesk implements SnapshotDesk {
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final Office office;
  private final Asking asking;
  private final SnapshotShelf shelf;
  private final Restoring restoring;
  private final Recovering recovering;
  private final OutsideSnapshots outside;

  public SnapshotsDesk(Office office, Asking asking, Applying applying, SnapshotShelf shelf) {
    this.office = office;
    this.asking = asking;
    this.shelf = shelf;
    this.restoring = new Restoring(office, applying, shelf);
    this.recovering = new Recovering(office, applying);
    this.outside = new OutsideSnapshots(office, asking, shelf);
  }

  @Override
  public List<SnapshotView> of(String cluster) {
    Cluster found = office.cluster(cluster);
    return office.store().snapshots().list(found.name()).stream()
        .sorted(Comparator.comparing(Snapshot::at).reversed())
        .map(this::view)
        .toList();
  }

  private SnapshotView view(Snapshot s) {
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
        s.drilled().map(Snapshots.Drill::at),
        s.drilled().map(d -> d.took().toMillis() / 1000.0),
        // A snapshot has the id of the operation that saved it.
        office
            .store()
            .operations()
            .find(s.id())
            .flatMap(o -> o.finished().map(end -> Duration.between(o.at(), end)))
            .map(took -> took.toMillis() / 1000.0));
  }

  @Override
  public SnapshotView save(String cluster, Caller by) {
    Cluster found = office.cluster(cluster);
    Situation situation = new Situation(found.spec(), office.latest(found).view());
    ClusterSpec.Member from =
        SnapshotSource.of(situation)
            .orElseThrow(
                () ->
                    Problem.of(
                            Code.Q3504,
                            "no member of %s is well, up to date, and on a connected host"
                                .formatted(cluster))
                        .withState("nothing was changed")
                        .withRemedy("quorate status " + cluster)
                        .asException());
    OperationOutcome outcome =
        required(
            asking.ask(
                from.host(),
                Optional.of(found.name()),
                Optional.of(from.name()),
                new Operation.SaveSnapshot(new MemberConfig.Id(found.name(), from.name())),
                PATIENCE),
            Code.Q3504,
            "the snapshot from %s failed".formatted(from.name()),
            from.host());
    ClusterWorker.absorb(office.store(), found, shelf, office.now());
    return view(snapshot(found, outcome.operationId()));
  }

  static OperationOutcome required(
      Optional<OperationOutcome> outcome, Code code, String sentence, HostName host) {
    if (outcome.isPresent() && outcome.get().succeeded()) {
      return outcome.get();
    }
    throw Problem.of(
            outcome.flatMap(OperationOutcome::failure).filter(SnapshotsDesk::telling).orElse(code),
            "%s: %s"
                .formatted(
                    sentence, outcome.map(OperationOutcome::sentence).orElse("no answer in time")))
        .withState("nothing was changed")
        .withRemedy("quorate host describe " + host)
        .asException();
  }

  /** Of the host's own codes, those that say more than that it failed. */
  private static boolean telling(Code code) {
    return code == Code.Q2014 || code == Code.Q2021 || code == Code.Q3501;
  }

  private Snapshot snapshot(Cluster cluster, String id) {
    return office
        .store()
        .snapshots()
        .find(id)
        .filter(s -> s.cluster().equals(cluster.name()))
        .orElseThrow(() -> Restoring.unknown(id, cluster.name()));
  }

  @Override
  public SnapshotView verify(
      String cluster, String id, boolean drill, Optional<String> host, Caller by) {
    Cluster found = office.cluster(cluster);
    Snapshot verified = shelf.verify(snapshot(found, id).id(), office.now());
    if (drill) {
      verified =
          verified.withDrill(
              drill(found, verified, host.map(HostName::of).orElseGet(() -> anyHost(found))));
      office.store().snapshots().save(verified);
    }
    return view(verified);
  }

  /** One that carries a member, and is there. */
  private HostName anyHost(Cluster cluster) {
    Situation situation = new Situation(cluster.spec(), office.latest(cluster).view());
    return situation.inOrderOfChange().stream()
        .map(ClusterSpec.Member::host)
        .filter(situation::connected)
        .findFirst()
        .orElseThrow(
            () ->
                Problem.of(Code.Q3505, "no host of %s is connected".formatted(cluster.name()))
                    .withRemedy("name another one: --host HOST")
                    .asException());
  }

  private Snapshots.Drill drill(Cluster cluster, Snapshot snapshot, HostName host) {
    Release release = HostReleases.require(office, host, snapshot.origin().version(), Code.Q3505);
    Snapshots.Content content = snapshot.content();
    OperationOutcome outcome =
        required(
            asking.ask(
                host,
                Optional.of(cluster.name()),
                Optional.empty(),
                new Operation.DrillSnapshot(
                    cluster.name(),
                    snapshot.sha256(),
                    snapshot.size(),
                    release,
                    new Operation.Expected(
                        content.revision(),
                        content.keys(),
                        content.hash(),
                        content
                            .live()
                            .map(l -> new Operation.Live(l.keys(), l.hash(), l.compacted())))),
                PATIENCE),
            Code.Q3505,
            "snapshot %s did not restore on %s".formatted(snapshot.id(), host),
            host);
    return new Snapshots.Drill(
        office.now(),
        Duration.ofMillis(Long.parseLong(outcome.facts().getOrDefault("millis", "0"))));
  }

  @Override
  public Path incoming() {
    return shelf.incoming();
  }

  @Override
  public SnapshotView add(
      String cluster, Path file, Optional<String> version, boolean skipHashCheck, Caller by) {
    return view(outside.add(cluster, file, version, skipHashCheck));
  }

  @Override
  public SnapshotView salvage(String cluster, Requests.Salvage request, Caller by) {
    return view(outside.salvage(cluster, request));
  }

  @Override
  public Changed restore(String cluster, Requests.Restore request, Caller by) {
    return restoring.restore(office.cluster(cluster), request, by);
  }

  @Override
  public SnapshotView.Recovery recovery(String cluster) {
    return recovering.recovery(office.cluster(cluster));
  }

  @Override
  public Changed recover(String cluster, Requests.Recover request, Caller by) {
    return recovering.recover(office.cluster(cluster), request, by);
  }
}
