package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.BrokenRelease;
import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.quorate.lab.WritingProcess;
import io.quorate.lab.WritingSummary;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One cluster on three hosts with a client that writes all the while, for tests that disturb it.
 */
record Trial(Lab lab, Fleet fleet, ClusterFile base, WritingProcess writing) {
  static final Duration SOON = Duration.ofSeconds(90);

  /** Three hosts, two releases that work and one that does not, and a cluster of three. */
  static Trial up() {
    Lab lab = Lab.up(3);
    Fleet fleet = Fleet.start(lab);
    // A disk of its own for the releases of one host, small enough to be filled.
    lab.host(2)
        .run("mount", "-t", "tmpfs", "-o", "size=300m,mode=0755", "tmpfs", "/usr/local")
        .orThrow();
    // And one for the data of another.
    lab.host(3)
        .run(
            "sh",
            "-c",
            "mkdir -p /var/lib/etcd && mount -t tmpfs -o size=1g,mode=0755 tmpfs /var/lib/etcd")
        .orThrow();
    fleet.join(lab.hosts());
    fleet.addRelease("3.5.16");
    fleet.addRelease("3.5.30");
    if (BrokenRelease.runsHere()) {
      Path broken = BrokenRelease.make(lab.directory(), FaultsTest.BROKEN, FaultsTest.LAST_WORDS);
      fleet.quorate("release", "add", broken.toString()).orThrow();
    }
    ClusterFile base =
        ClusterFile.of("faults", "3.5.16", lab.hosts())
            .with("rollout", "{soak: 0s, memberDeadline: 15s, progressDeadline: 60s}");
    Proof.succeeded(fleet.apply(base));
    Proof.healthy(fleet, base);
    return new Trial(lab, fleet, base, fleet.startWriting(base, true));
  }

  /** No write has failed, and none that was acknowledged is missing. */
  void down() {
    try (Lab closing = lab) {
      WritingSummary summary = writing.finish();
      fleet.close();
      Proof.counted("faults", new Proof.Written(summary, 1));
      assertEquals(0, summary.failed(), summary::toJson);
      assertEquals(3, closing.hosts().size());
    }
  }

  LabHost host(int number) {
    return lab.host(number);
  }

  String cluster() {
    return base.cluster();
  }

  String unit() {
    return "etcd@" + cluster();
  }

  // ---- what systemd says ----

  String property(LabHost host, String name) {
    return host.run("systemctl", "show", "-P", name, unit()).orThrow();
  }

  /** Each host's own start of etcd: a restart, by whomever, makes another. */
  SortedMap<String, String> invocations() {
    SortedMap<String, String> all = new TreeMap<>();
    lab.hosts().forEach(h -> all.put(h.name(), property(h, "InvocationID")));
    return all;
  }

  /** Those where etcd was started anew since then. */
  List<LabHost> touched(SortedMap<String, String> before) {
    SortedMap<String, String> now = invocations();
    return lab.hosts().stream()
        .filter(h -> !Objects.equals(now.get(h.name()), before.get(h.name())))
        .toList();
  }

  /** How many times etcd was started on a host since that moment of its clock. */
  long starts(LabHost host, long sinceEpochSeconds) {
    String log =
        host.run(
                "journalctl",
                "--quiet",
                "--no-pager",
                "--output=cat",
                "--since=@" + sinceEpochSeconds,
                "--unit=" + unit())
            .orThrow();
    return log.lines().filter(l -> l.startsWith("Starting ")).count();
  }

  static long now(LabHost host) {
    return Long.parseLong(host.run("date", "+%s").orThrow());
  }

  // ---- what Quorate says ----

  JsonObject status() {
    return fleet.status(cluster());
  }

  JsonObject rollout() {
    return fleet.json("rollout", "status", cluster());
  }

  JsonObject member(LabHost host) {
    return objects(status().getJsonArray("members")).stream()
        .filter(m -> m.getString("host").equals(host.name()))
        .findFirst()
        .orElseThrow();
  }

  boolean holds(String code) {
    return codes("holds", rollout()).contains(code);
  }

  boolean reached() {
    JsonObject status = status();
    return status.getLong("appliedRevision").equals(status.getLong("revision"));
  }

  /** Those where Quorate restarted etcd since then: not those where it came back by itself. */
  List<LabHost> ours(SortedMap<String, String> before) {
    return touched(before).stream().filter(h -> property(h, "NRestarts").equals("0")).toList();
  }

  String events() {
    return fleet.quorate("events", cluster(), "-n", "60").orThrow();
  }

  List<String> codes(String field, JsonObject from) {
    return objects(from.getJsonArray(field)).stream().map(f -> f.getString("code")).toList();
  }

  static List<JsonObject> objects(JsonArray array) {
    return Proof.objects(array);
  }

  String picture() {
    return fleet.quorate("status", cluster()).out()
        + fleet.quorate("rollout", "status", cluster()).out()
        + events();
  }

  // ---- what is done again and again ----

  void await(String what, java.util.function.BooleanSupplier condition) {
    Await.until(what, SOON, condition, this::picture);
  }

  /** Brings the cluster to this file and waits. */
  void reach(ClusterFile file) {
    Proof.succeeded(fleet.apply(file));
    Proof.healthy(fleet, file);
  }

  /** The newest revision is in place and everybody is well. */
  void settled(ClusterFile file) {
    await(
        file.cluster() + " is settled",
        () -> {
          JsonObject now = status();
          return now.getLong("revision").equals(now.getLong("appliedRevision"));
        });
    Proof.healthy(fleet, file);
  }

  /** The refusal or failure that the command ended with, as an operator reads it. */
  static void said(Ran ran, int exit, String... words) {
    String all = ran.out() + ran.err();
    assertEquals(exit, ran.exit(), all);
    for (String word : words) {
      assertTrue(all.contains(word), () -> "not said: " + word + "\n" + all);
    }
  }
}
