package io.quorate.agent.operate;

import io.quorate.agent.etcd.ScratchEtcd;
import io.quorate.agent.etcd.ScratchEtcd.Ports;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Proves that a snapshot restores.
 *
 * <ol>
 *   <li>It is fetched and verified; what its own tool tells of the file must be what was told when
 *       it was saved, if it was told: of a file that came from outside nothing is known before.
 *   <li>It is restored into a scratch directory by the release it came from, and started there as a
 *       cluster of one on free loopback ports.
 *   <li>That must answer with the revision, and, where the member that it was saved from could be
 *       asked, with as many keys and the same hash of the key space.
 *   <li>Then all of it is taken down, whatever came of it.
 * </ol>
 */
final class DrillSnapshot {
  private static final Duration RESTORING = Duration.ofMinutes(60);

  private final Operations.Tools tools;
  private final InstantSource clock;

  DrillSnapshot(Operations.Tools tools, InstantSource clock) {
    this.tools = tools;
    this.clock = clock;
  }

  Done perform(Operation.DrillSnapshot drill, Path scratch) throws IOException {
    Host host = tools.host();
    Instant begun = clock.instant();
    if (host.freeBytes(tools.layout().scratch()) < 3 * drill.size()) {
      throw Problem.of(Code.Q2014, "a drill needs three times the snapshot's size of space")
          .withRemedy("free space in the file system of " + tools.layout().scratch())
          .asException();
    }
    InstalledRelease release = tools.releases().ensure(drill.release());
    Path snapshot = tools.downloads().get(drill.sha256(), drill.size());
    host.removeTree(scratch);
    host.makeDirectory(scratch, Access.closed(""));
    try {
      compareFile(drill.expected(), SnapshotFile.facts(host, snapshot, reader(release)));
      SortedMap<String, String> facts =
          run(restore(snapshot, scratch, release), scratch, release, drill.expected());
      facts.put("millis", Long.toString(Duration.between(begun, clock.instant()).toMillis()));
      return new Done("it restores, at revision " + facts.get("revision"), facts);
    } finally {
      host.removeTree(scratch);
      tools.downloads().forget(drill.sha256());
    }
  }

  private static Optional<Path> reader(InstalledRelease release) {
    return release.program("etcdutl").or(() -> release.program("etcdctl"));
  }

  private static void compareFile(Operation.Expected expected, JsonObject facts) {
    if (expected.revision() > 0) {
      compare("revision", expected.revision(), number(facts, "revision"));
    }
    if (expected.keys() > 0) {
      compare("number of keys in the file", expected.keys(), number(facts, "keys"));
      compare("hash of the file", expected.hash(), number(facts, "hash"));
    }
  }

  private static long number(JsonObject facts, String name) {
    return Long.parseLong(facts.getString(name));
  }

  private static void compare(String what, long expected, long found) {
    if (expected != found) {
      throw failed("the %s is %d, and %d was expected".formatted(what, found, expected));
    }
  }

  private Ports restore(Path snapshot, Path scratch, InstalledRelease release) throws IOException {
    Ports ports = Ports.free();
    Path tool =
        release
            .program(release.release().version().atLeast(3, 5, 0) ? "etcdutl" : "etcdctl")
            .orElseThrow(
                () ->
                    Problem.of(Code.Q2021, "the release has no tool that restores").asException());
    Finished finished =
        tools
            .host()
            .run(
                new Command(
                    List.of(
                        tool.toString(),
                        "snapshot",
                        "restore",
                        snapshot.toString(),
                        "--name=drill",
                        "--data-dir=" + scratch.resolve("data"),
                        "--initial-cluster=drill=" + ports.peerUrl(),
                        "--initial-cluster-token=" + scratch.getFileName(),
                        "--initial-advertise-peer-urls=" + ports.peerUrl()),
                    Map.of("ETCDCTL_API", "3"),
                    RESTORING));
    if (!finished.succeeded()) {
      throw failed("it does not restore, " + finished.lastWords());
    }
    return ports;
  }

  private SortedMap<String, String> run(
      Ports ports, Path scratch, InstalledRelease release, Operation.Expected expected)
      throws IOException {
    ScratchEtcd.Source source =
        new ScratchEtcd.Source("drill", scratch.resolve("data"), Optional.empty(), false);
    try (ScratchEtcd etcd =
        ScratchEtcd.start(tools.host(), release, source, ports, scratch.resolve("log"))) {
      return read(etcd, release, expected);
    }
  }

  private SortedMap<String, String> read(
      ScratchEtcd etcd, InstalledRelease release, Operation.Expected expected) throws IOException {
    Optional<JsonObject> status = etcd.status();
    if (status.isEmpty()) {
      throw failed("what was restored does not serve: " + etcd.lastWords());
    }
    long revision = Long.parseLong(status.get().getJsonObject("header").getString("revision"));
    if (expected.revision() > 0) {
      compare("revision", expected.revision(), revision);
    }
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("revision", Long.toString(revision));
    List<String> etcdctl =
        List.of(
            release
                .program("etcdctl")
                .orElseThrow(
                    () -> Problem.of(Code.Q2021, "the release has no etcdctl").asException())
                .toString(),
            "--endpoints=" + etcd.clientUrl(),
            "--dial-timeout=2s");
    Optional<AskedContent> content = AskedContent.of(tools.host(), etcdctl, revision);
    content.ifPresent(c -> facts.put("keys", Long.toString(c.keys())));
    if (expected.live().isPresent() && content.isPresent()) {
      Operation.Live live = expected.live().get();
      compare("number of keys", live.keys(), content.get().keys());
      if (live.compacted() == content.get().compacted()) {
        compare("hash of the key space", live.hash(), content.get().hash());
        facts.put("hash", Long.toString(live.hash()));
      }
    }
    return facts;
  }

  private static RuntimeException failed(String why) {
    return Problem.of(Code.Q3505, "the drill failed: " + why).asException();
  }
}
