package io.quorate.coordinator.cli.backup;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.api.v1.SnapshotView;
import io.quorate.coordinator.cli.change.WaitOptions;
import io.quorate.coordinator.cli.change.Waiter;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.Confirmation;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Table;
import io.quorate.coordinator.cli.screen.Words;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "snapshot", description = "Snapshots of a cluster, and going back to one")
public final class SnapshotCommand {
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final Session session;

  public SnapshotCommand(Session session) {
    this.session = session;
  }

  @Command(name = "save", description = "Save one now; ends when its hash is verified")
  int save(@Parameters(paramLabel = "CLUSTER") String cluster) {
    return show(session.api().patient(PATIENCE).post(path(cluster), SnapshotView.class));
  }

  @Command(
      name = "add",
      description = "Take in a snapshot from anywhere, or one made of a data directory on a host")
  int add(
      @Parameters(index = "0", paramLabel = "CLUSTER") String cluster,
      @Parameters(index = "1", arity = "0..1", paramLabel = "FILE") Optional<Path> file,
      @Option(
              names = "--host",
              paramLabel = "HOST",
              description = "the host with the data directory; no etcd may run on that")
          Optional<String> host,
      @Option(names = "--data", paramLabel = "DIR", description = "the data directory")
          Optional<String> data,
      @Option(
              names = "--wal",
              paramLabel = "DIR",
              description = "its log's directory, where it has one of its own")
          Optional<String> wal,
      @Option(
              names = "--etcd-version",
              paramLabel = "VERSION",
              description = "what it is of; the cluster's version unless told")
          Optional<String> version,
      @Option(names = "--skip-hash-check", description = "for a copy of a db file, without a hash")
          boolean skipHashCheck) {
    if (file.isPresent() && host.isEmpty() && data.isEmpty()) {
      return show(SnapshotUpload.send(session, cluster, file.get(), version, skipHashCheck));
    }
    if (file.isPresent() || host.isEmpty() || data.isEmpty()) {
      throw Problem.of(Code.Q1404, "give either a file, or --host HOST and --data DIR")
          .asException();
    }
    return show(
        session
            .api()
            .patient(PATIENCE)
            .post(
                path(cluster) + "/data",
                new Requests.Salvage(host.get(), data.get(), wal, version),
                SnapshotView.class));
  }

  @Command(name = "list", description = "Those that the coordinator holds, newest first")
  int list(@Parameters(paramLabel = "CLUSTER") String cluster) {
    SnapshotView.All all = session.api().get(path(cluster), SnapshotView.All.class);
    session
        .output()
        .list(
            all,
            all.snapshots(),
            SnapshotView::id,
            paper -> table(all.snapshots(), paper.now()).draw(paper));
    return ExitCode.DONE.number();
  }

  @Command(name = "verify", description = "Check one's digest and hash, or restore it on trial")
  int verify(
      @Parameters(index = "0", paramLabel = "CLUSTER") String cluster,
      @Parameters(index = "1", paramLabel = "SNAPSHOT") String snapshot,
      @Option(names = "--drill", description = "restore it on trial on a host as well")
          boolean drill,
      @Option(
              names = "--host",
              paramLabel = "HOST",
              description = "where the drill is held; any of the cluster's hosts unless told")
          Optional<String> host) {
    String query = drill ? "?drill=true" + host.map(h -> "&host=" + Api.encoded(h)).orElse("") : "";
    return show(
        session
            .api()
            .patient(PATIENCE)
            .post(
                path(cluster) + "/" + Api.encoded(snapshot) + "/verify" + query,
                SnapshotView.class));
  }

  @Command(name = "restore", description = "Put one in place of the cluster's data, everywhere")
  int restore(
      @Parameters(index = "0", paramLabel = "CLUSTER") String cluster,
      @Parameters(index = "1", paramLabel = "SNAPSHOT") String snapshot,
      @Option(names = "--skip-hash-check", description = "for a copy of a db file, without a hash")
          boolean skipHashCheck,
      @Option(
              names = "--accept",
              paramLabel = "HAZARD",
              split = ",",
              description = "what a refusal named: other-cluster")
          List<String> accept,
      @Option(
              names = "--confirm",
              paramLabel = "CLUSTER",
              description = "the cluster's name once more, instead of typing it")
          Optional<String> confirm,
      @Mixin WaitOptions wait) {
    String name =
        new Confirmation(session.terminal())
            .destructive(
                ("This stops %s, lays snapshot %s down on every member as a new cluster and starts"
                        + " it. All that was written since is lost to clients; the present data"
                        + " stays on the hosts, renamed.")
                    .formatted(cluster, snapshot),
                cluster,
                confirm);
    Changed changed =
        session
            .api()
            .post(
                "/v1/clusters/" + Api.encoded(cluster) + "/restore",
                new Requests.Restore(
                    snapshot, name, skipHashCheck, accept == null ? List.of() : accept),
                Changed.class);
    return new Waiter(session, wait).settle(changed);
  }

  private int show(SnapshotView snapshot) {
    session
        .output()
        .one(snapshot, snapshot.id(), paper -> table(List.of(snapshot), paper.now()).draw(paper));
    return ExitCode.DONE.number();
  }

  private static Table table(List<SnapshotView> snapshots, Instant now) {
    Table table =
        Table.of(
            "SNAPSHOT",
            "TAKEN",
            "FROM",
            "VERSION",
            ">REVISION",
            ">KEYS",
            ">SIZE",
            "VERIFIED",
            "DRILLED");
    for (SnapshotView each : snapshots) {
      table
          .cell(each.id())
          .cell(Words.ago(each.taken(), now))
          .cell(each.member())
          .cell(each.etcdVersion())
          .cell(Long.toString(each.revision()))
          .cell(Long.toString(each.keys()))
          .cell(Words.size(each.sizeBytes()))
          .cell(Words.ago(each.verified(), now))
          .cell(Words.ago(each.drilled(), now))
          .end();
    }
    return table;
  }

  private static String path(String cluster) {
    return "/v1/clusters/" + Api.encoded(cluster) + "/snapshots";
  }
}
