package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.catalogue.SnapshotShelf;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Snapshots;
import io.quorate.coordinator.store.Snapshots.Snapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Snapshots that no member of a cluster here has saved: a file from anywhere, or what a host makes
 * out of a data directory. The cluster that they are for need not exist yet.
 */
final class OutsideSnapshots {
  private static final Duration PATIENCE = Duration.ofMinutes(60);

  /** In place of the member that a snapshot is from. */
  private static final MemberName OUTSIDE = MemberName.of("outside");

  private final Office office;
  private final Asking asking;
  private final SnapshotShelf shelf;

  OutsideSnapshots(Office office, Asking asking, SnapshotShelf shelf) {
    this.office = office;
    this.asking = asking;
    this.shelf = shelf;
  }

  /** Of a file nobody has told its revision; it is 0. */
  Snapshot add(String cluster, Path file, Optional<String> version, boolean skipHashCheck) {
    ClusterName name = ClusterName.of(cluster);
    Snapshot described =
        described(
            "file-" + Office.fresh(8), name, version(name, version), "", 0, content(Map.of()));
    return shelf.take(file, described, skipHashCheck, office.now());
  }

  Snapshot salvage(String cluster, Requests.Salvage request) {
    ClusterName name = ClusterName.of(cluster);
    HostName host = HostName.of(request.host());
    EtcdVersion version = version(name, request.version());
    OperationOutcome outcome =
        SnapshotsDesk.required(
            asking.ask(
                host,
                Optional.empty(),
                Optional.empty(),
                new Operation.SalvageData(
                    request.data(),
                    request.wal(),
                    HostReleases.require(office, host, version, Code.Q3510)),
                PATIENCE),
            Code.Q3510,
            "no snapshot of %s on %s was made".formatted(request.data(), host),
            host);
    Map<String, String> facts = outcome.facts();
    return shelf.add(
        described(
            outcome.operationId(),
            name,
            version,
            facts.getOrDefault("sha256", ""),
            number(facts, "size"),
            content(facts)),
        office.now());
  }

  private EtcdVersion version(ClusterName cluster, Optional<String> given) {
    return given
        .map(EtcdVersion::parse)
        .or(() -> office.store().clusters().find(cluster).map(Cluster::spec).map(s -> s.version()))
        .orElseThrow(
            () ->
                Problem.of(
                        Code.Q1404,
                        "%s does not exist yet, so the version of etcd that the data is of must be"
                                .formatted(cluster)
                            + " told")
                    .withState("nothing was changed")
                    .withRemedy("--etcd-version VERSION")
                    .asException());
  }

  private Snapshot described(
      String id,
      ClusterName cluster,
      EtcdVersion version,
      String sha256,
      long size,
      Snapshots.Content content) {
    return new Snapshot(
        id,
        cluster,
        new Snapshots.Origin(OUTSIDE, version, 0),
        office.now(),
        sha256,
        size,
        content,
        Optional.empty(),
        Optional.empty());
  }

  private static Snapshots.Content content(Map<String, String> facts) {
    return new Snapshots.Content(
        number(facts, "revision"), number(facts, "keys"), number(facts, "hash"));
  }

  private static long number(Map<String, String> facts, String name) {
    String text = facts.getOrDefault(name, "0");
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
