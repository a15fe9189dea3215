package io.quorate.agent.operate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.etcd.DataCopy;
import io.quorate.agent.etcd.ScratchEtcd;
import io.quorate.agent.host.Access;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.agent.operate.Operations.Done;
import io.quorate.agent.release.InstalledRelease;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.Operation;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes a snapshot out of a data directory, whoever's it was.
 *
 * <ol>
 *   <li>It must be one, and no etcd may run on it.
 *   <li>It is copied, log and all. On the copy etcd is started as a cluster of one, where nobody
 *       can reach it: so what is only in the log yet comes along.
 *   <li>That is asked for a snapshot, which is verified, and uploaded under the operation's id. An
 *       interrupted upload goes on with the same file.
 * </ol>
 *
 * The directory is only read. Entries that its log does not know as committed, the last before a
 * kill, are dropped by etcd.
 */
final class SalvageData {
  private static final Duration SAVING = Duration.ofMinutes(60);
  private static final Duration LOOKING = Duration.ofSeconds(10);
  private static final long MARGIN = 64L << 20;

  private final Operations.Tools tools;

  SalvageData(Operations.Tools tools) {
    this.tools = tools;
  }

  Done perform(String operationId, Operation.SalvageData salvage, Path scratch) throws IOException {
    Host host = tools.host();
    Path saved = scratch.resolve("snapshot.db");
    Path facts = scratch.resolve("facts.json");
    if (!host.stat(facts).isFile()) {
      Path data = place(salvage.data());
      Optional<Path> wal = salvage.wal().map(this::place);
      requireUnused(data);
      requireSpace(data, wal);
      InstalledRelease release = tools.releases().ensure(salvage.release());
      host.removeTree(scratch);
      host.makeDirectory(scratch, Access.closed(""));
      copy(data, wal, scratch);
      save(release, wal.isPresent(), scratch, saved);
      JsonObject known =
          SnapshotFile.facts(
              host, saved, release.program("etcdutl").or(() -> release.program("etcdctl")));
      known.put("version", release.release().version().toString());
      host.write(facts, known.encode().getBytes(UTF_8), Access.SECRET);
    }
    SortedMap<String, String> known = new TreeMap<>();
    new JsonObject(host.text(facts).orElseThrow())
        .forEach(entry -> known.put(entry.getKey(), "" + entry.getValue()));
    tools
        .uploads()
        .upload(operationId, new FileContent(host, saved, known.getOrDefault("sha256", "")));
    return new Done("saved at revision " + known.getOrDefault("revision", "?"), known);
  }

  private Path place(String given) {
    Path path = Path.of(given);
    if (!path.isAbsolute() || !path.equals(path.normalize())) {
      throw refused("%s is no absolute path".formatted(given), "name the whole path");
    }
    return tools.layout().rooted(path);
  }

  private void requireUnused(Path data) throws IOException {
    Path database = database(data);
    if (!tools.host().stat(database).isFile()) {
      throw refused(
          "%s holds no data of etcd: there is no %s".formatted(data, database),
          "name the directory that etcd was given as its data-dir");
    }
    // etcd holds this lock as long as it runs.
    Finished locked =
        tools.host().run(Command.of(LOOKING, "flock", "--nonblock", database.toString(), "true"));
    if (!locked.succeeded()) {
      throw refused(
          "an etcd runs on %s".formatted(data),
          "stop it, or ask it for a snapshot: etcdctl snapshot save FILE");
    }
  }

  private static Path database(Path data) {
    return data.resolve("member/snap/db");
  }

  private void requireSpace(Path data, Optional<Path> wal) throws IOException {
    long size = DataCopy.size(tools.host(), data);
    if (wal.isPresent()) {
      size += DataCopy.size(tools.host(), wal.get());
    }
    long needed = 2 * size + MARGIN;
    Path scratch = tools.layout().scratch();
    if (tools.host().freeBytes(scratch) < needed) {
      throw Problem.of(
              Code.Q2014,
              "a copy and a snapshot of %d bytes do not fit into %s".formatted(needed, scratch))
          .withRemedy("free space in the file system of " + scratch)
          .asException();
    }
  }

  private void copy(Path data, Optional<Path> wal, Path scratch) throws IOException {
    tools.host().makeDirectory(scratch.resolve("data"), Access.closed(""));
    DataCopy.make(tools.host(), data.resolve("member"), scratch.resolve("data/member"));
    if (wal.isPresent()) {
      DataCopy.make(tools.host(), wal.get(), scratch.resolve("wal"));
    }
  }

  private void save(InstalledRelease release, boolean ownLog, Path scratch, Path file)
      throws IOException {
    Path etcdctl =
        release
            .program("etcdctl")
            .orElseThrow(
                () ->
                    Problem.of(Code.Q2021, "the release has no etcdctl, which saves snapshots")
                        .withRemedy("add the complete archive: quorate release add FILE")
                        .asException());
    ScratchEtcd.Source source =
        new ScratchEtcd.Source(
            "salvage",
            scratch.resolve("data"),
            ownLog ? Optional.of(scratch.resolve("wal")) : Optional.empty(),
            true);
    try (ScratchEtcd etcd =
        ScratchEtcd.start(
            tools.host(), release, source, ScratchEtcd.Ports.free(), scratch.resolve("log"))) {
      if (etcd.status().isEmpty()) {
        throw refused(
            "etcd %s does not start on a copy of it: %s"
                .formatted(release.release().version(), etcd.lastWords()),
            "name the version that it was of: --etcd-version VERSION");
      }
      Finished finished =
          tools
              .host()
              .run(
                  new Command(
                      List.of(
                          etcdctl.toString(),
                          "--endpoints=" + etcd.clientUrl(),
                          "snapshot",
                          "save",
                          file.toString()),
                      Map.of("ETCDCTL_API", "3"),
                      SAVING));
      if (!finished.succeeded()) {
        throw refused("it could not be saved, " + finished.lastWords(), "see the agent's log");
      }
    }
  }

  private static RuntimeException refused(String why, String remedy) {
    return Problem.of(Code.Q3510, why)
        .withState("the directory is as it was")
        .withRemedy(remedy)
        .asException();
  }
}
