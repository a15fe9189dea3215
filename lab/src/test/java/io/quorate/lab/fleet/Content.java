package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.quorate.lab.WritingClient;
import io.quorate.lab.WritingProcess;
import io.quorate.lab.WritingSummary;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is in a cluster: written by a client that keeps a log of what was acknowledged. */
record Content(String prefix, long keys) {

  /** Writes for a while, and reads back that all that was acknowledged is there. */
  static Content written(Fleet fleet, ClusterFile file, String prefix, Duration time) {
    try (WritingProcess writing =
        WritingProcess.start(
            fleet.lab(),
            new WritingClient.Settings(
                file.endpoints(), Optional.of(fleet.client(file.cluster())), 100, true, prefix))) {
      long until = System.nanoTime() + time.toNanos();
      Await.until(
          "the client has written",
          Duration.ofMinutes(1),
          () -> System.nanoTime() > until,
          () -> "");
      WritingSummary summary = writing.finish();
      assertTrue(summary.nothingLost(), summary::toJson);
      assertTrue(summary.acknowledged() > 0, summary::toJson);
      // Its warming up has written, too.
      long there = count(fleet, file, prefix);
      assertTrue(there >= summary.acknowledged(), summary::toJson);
      return new Content(prefix, there);
    }
  }

  /** Every acknowledged write is there. */
  void isIn(Fleet fleet, ClusterFile file) {
    assertEquals(keys, count(fleet, file, prefix));
  }

  static long count(Fleet fleet, ClusterFile file, String prefix) {
    String said =
        fleet.etcdctl(file, "get", prefix, "--prefix", "--count-only", "-w", "fields").orThrow();
    return said.lines()
        .filter(line -> line.startsWith("\"Count\""))
        .map(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElseThrow();
  }

  static long revision(Fleet fleet, ClusterFile file) {
    return header(fleet, file).getLong("revision");
  }

  static String clusterId(Fleet fleet, ClusterFile file) {
    return Long.toHexString(header(fleet, file).getLong("cluster_id"));
  }

  private static JsonObject header(Fleet fleet, ClusterFile file) {
    return new JsonObject(fleet.etcdctl(file, "get", "none", "-w", "json").orThrow())
        .getJsonObject("header");
  }

  /** The newest snapshot that the coordinator holds. */
  static JsonObject newest(Fleet fleet, String cluster) {
    return Proof.objects(all(fleet, cluster)).getFirst();
  }

  static JsonArray all(Fleet fleet, String cluster) {
    return fleet.json("snapshot", "list", cluster).getJsonArray("snapshots");
  }

  /** Refused, with this code. */
  static void refused(String code, Ran ran) {
    assertTrue(ran.exit() != 0, () -> ran.out() + ran.err());
    assertTrue(ran.err().contains(code), () -> code + " was expected: " + ran.out() + ran.err());
  }

  /** Which processes run a cluster. */
  static List<String> processes(List<LabHost> hosts, String cluster) {
    return hosts.stream()
        .map(h -> h.run("systemctl", "show", "-P", "MainPID", "etcd@" + cluster).orThrow())
        .toList();
  }
}
