package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.LabHost;
import io.quorate.lab.WritingSummary;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** What is asked of members that came, went or moved. */
final class MemberProof {
  private MemberProof() {}

  /** Every acknowledged write is there, none failed, and it is said what the worst was. */
  static void unnoticed(String what, WritingSummary summary) {
    System.out.printf(
        "%s: writes=%d failed=%d retries=%d median=%.0fms p99=%.0fms worst=%.0fms lost=%d%n",
        what,
        summary.attempted(),
        summary.failed(),
        summary.retries(),
        summary.medianMillis(),
        summary.p99Millis(),
        summary.worstMillis(),
        summary.lost());
    assertTrue(summary.nothingLost(), summary::toJson);
    assertEquals(0, summary.failed(), summary::toJson);
  }

  /** The name of the member that leads. */
  static String leader(Fleet fleet, String cluster) {
    return Proof.objects(fleet.status(cluster).getJsonArray("members")).stream()
        .filter(m -> m.getString("role").equals("leader"))
        .map(m -> m.getString("name"))
        .findFirst()
        .orElseThrow();
  }

  static LabHost hostOf(Fleet fleet, String cluster, String member) {
    String host =
        Proof.objects(fleet.status(cluster).getJsonArray("members")).stream()
            .filter(m -> m.getString("name").equals(member))
            .map(m -> m.getString("host"))
            .findFirst()
            .orElseThrow();
    return fleet.lab().hosts().stream()
        .filter(h -> h.name().equals(host))
        .findFirst()
        .orElseThrow();
  }

  /** In hex, as the cluster lists it. */
  static String idOf(Fleet fleet, ClusterFile file, String member) {
    return fleet
        .etcdctl(file, "member", "list")
        .orThrow()
        .lines()
        .filter(line -> line.contains(" " + member + ","))
        .map(line -> line.substring(0, line.indexOf(',')))
        .findFirst()
        .orElseThrow();
  }

  /** Every member has the same keys and values. */
  static void same(Fleet fleet, ClusterFile file) {
    long revision =
        Proof.objects(
                new JsonArray(fleet.etcdctl(file, "endpoint", "status", "-w", "json").orThrow()))
            .stream()
            .map(s -> s.getJsonObject("Status").getJsonObject("header").getLong("revision"))
            .min(Comparator.naturalOrder())
            .orElseThrow();
    List<Long> hashes =
        Proof.objects(
                new JsonArray(
                    fleet
                        .etcdctl(
                            file,
                            "endpoint",
                            "hashkv",
                            "--rev",
                            Long.toString(revision),
                            "-w",
                            "json")
                        .orThrow()))
            .stream()
            .map(s -> s.getJsonObject("HashKV").getLong("hash"))
            .distinct()
            .toList();
    assertEquals(1, hashes.size(), hashes::toString);
  }

  /** The steps of the rollout under way, or of the last one, in words. */
  static List<String> steps(Fleet fleet, String cluster) {
    return Proof.objects(fleet.json("rollout", "status", cluster).getJsonArray("steps")).stream()
        .map(s -> s.getString("text"))
        .toList();
  }

  /**
   * Nothing of the cluster runs on the host or will at its next boot, and its data is kept aside. A
   * rollout does not wait for a host whose agent is away at that moment; it does it when it is
   * back.
   */
  static void retired(Fleet fleet, LabHost host, String cluster) {
    Await.until(
        "%s has nothing of %s any more".formatted(host, cluster),
        Duration.ofMinutes(2),
        () -> isRetired(fleet, host, cluster),
        () -> fleet.quorate("host", "describe", host.name()).out() + fleet.agent(host).log());
  }

  private static boolean isRetired(Fleet fleet, LabHost host, String cluster) {
    String unit = "etcd@" + cluster;
    String aside = "ls -d /var/lib/etcd/%s.set-aside-*".formatted(cluster);
    return !host.run("systemctl", "is-active", unit).succeeded()
        && !host.run("systemctl", "is-enabled", unit).succeeded()
        && !host.run("test", "-e", "/var/lib/etcd/" + cluster).succeeded()
        && host.run("sh", "-c", aside).succeeded()
        && Proof.objects(fleet.json("host", "describe", host.name()).getJsonArray("members"))
            .stream()
            .noneMatch(m -> m.getString("cluster").equals(cluster));
  }
}
