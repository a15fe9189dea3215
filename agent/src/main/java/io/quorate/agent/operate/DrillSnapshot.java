package io.quorate.agent.operate;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.agent.host.HostProcesses.Signal;
import io.quorate.agent.operate.Operations.Done;
import io.quorate.agent.release.InstalledRelease;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.Operation;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Proves that a snapshot restores: it is fetched and verified, restored into a scratch directory by
 * the release it came from, and started there as a cluster of one on loopback ports; a read through
 * it must give the expected revision and number of keys. Then all of it is taken down, whatever
 * came of it.
 */
final class DrillSnapshot {
  private static final Duration RESTORING = Duration.ofMinutes(60);
  private static final Duration ASKING = Duration.ofSeconds(10);
  private static final int QUESTIONS = 30;

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
      SortedMap<String, String> facts = new TreeMap<>();
      Content content = run(restore(snapshot, scratch, release), scratch, release);
      facts.put("revision", Long.toString(content.revision));
      facts.put("keys", Long.toString(content.keys));
      facts.put("seconds", Long.toString(Duration.between(begun, clock.instant()).toSeconds()));
      if (content.revision != drill.expectedRevision()
          || (drill.expectedKeys() > 0 && content.keys > drill.expectedKeys())) {
        throw failed(
            "revision %d and %d keys were expected, and %d and %d are there"
                .formatted(
                    drill.expectedRevision(),
                    drill.expectedKeys(),
                    content.revision,
                    content.keys));
      }
      return new Done("it restores, at revision " + content.revision, facts);
    } finally {
      host.removeTree(scratch);
      tools.downloads().forget(drill.sha256());
    }
  }

  private record Ports(int client, int peer) {
    String clientUrl() {
      return "http://127.0.0.1:" + client;
    }

    String peerUrl() {
      return "http://127.0.0.1:" + peer;
    }
  }

  private record Content(long revision, long keys) {}

  private Ports restore(Path snapshot, Path scratch, InstalledRelease release) throws IOException {
    Ports ports = freePorts();
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

  /** Loopback and plain HTTP: nobody else is to reach it, and it lives for seconds. */
  private Content run(Ports ports, Path scratch, InstalledRelease release) throws IOException {
    Host host = tools.host();
    List<String> arguments = new ArrayList<>();
    arguments.add(release.etcd().toString());
    arguments.add("--name=drill");
    arguments.add("--data-dir=" + scratch.resolve("data"));
    arguments.add("--listen-client-urls=" + ports.clientUrl());
    arguments.add("--advertise-client-urls=" + ports.clientUrl());
    arguments.add("--listen-peer-urls=" + ports.peerUrl());
    arguments.add("--initial-advertise-peer-urls=" + ports.peerUrl());
    arguments.add("--logger=zap");
    long pid =
        host.spawn(
            new Command(arguments, Map.of("ETCD_UNSUPPORTED_ARCH", "arm64"), Duration.ZERO),
            scratch.resolve("log"),
            (id, code) -> {});
    try {
      return read(ports, release);
    } finally {
      Optional<ProcessFacts> process = host.process(pid);
      if (process.isPresent()) {
        host.signal(process.get(), Signal.KILL);
      }
    }
  }

  private Content read(Ports ports, InstalledRelease release) throws IOException {
    Path etcdctl =
        release
            .program("etcdctl")
            .orElseThrow(() -> Problem.of(Code.Q2021, "the release has no etcdctl").asException());
    Finished said = null;
    for (int question = 0; question < QUESTIONS; question++) {
      // Each waits up to its own deadline for an etcd that is still starting.
      said =
          tools
              .host()
              .run(
                  new Command(
                      List.of(
                          etcdctl.toString(),
                          "--endpoints=" + ports.clientUrl(),
                          "--dial-timeout=2s",
                          "--command-timeout=5s",
                          "get",
                          "",
                          "--from-key",
                          "--count-only",
                          "--write-out=fields"),
                      Map.of("ETCDCTL_API", "3"),
                      ASKING));
      if (said.errors().contains("user name is empty")) {
        return new Content(revision(ports, etcdctl), 0); // with users, only what is open to all
      }
      if (said.succeeded()) {
        return new Content(field(said, "Revision"), field(said, "Count"));
      }
    }
    throw failed("what was restored does not answer: " + (said == null ? "" : said.lastWords()));
  }

  /** Counting is told in this form only: one {@code "Name" : value} a line. */
  private static long field(Finished said, String name) {
    return said.output()
        .lines()
        .filter(line -> line.startsWith('"' + name + "\" : "))
        .map(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow(() -> failed("what was restored does not tell its " + name));
  }

  private long revision(Ports ports, Path etcdctl) throws IOException {
    Finished said =
        tools
            .host()
            .run(
                new Command(
                    List.of(
                        etcdctl.toString(),
                        "--endpoints=" + ports.clientUrl(),
                        "endpoint",
                        "status",
                        "--write-out=json"),
                    Map.of("ETCDCTL_API", "3"),
                    ASKING));
    if (!said.succeeded()) {
      throw failed("what was restored does not tell its revision, " + said.lastWords());
    }
    return new JsonArray(said.output())
        .getJsonObject(0)
        .getJsonObject("Status")
        .getJsonObject("header")
        .getLong("revision");
  }

  private static Ports freePorts() throws IOException {
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new Ports(one.getLocalPort(), other.getLocalPort());
    }
  }

  private static RuntimeException failed(String why) {
    return Problem.of(Code.Q3505, "the drill failed: " + why).asException();
  }
}
