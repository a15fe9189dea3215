package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Pressure;
import io.quorate.lab.Ran;
import io.quorate.lab.WritingProcess;
import io.quorate.lab.WritingSummary;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What is asked of a cluster again and again. */
final class Proof {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Proof() {}

  /** It serves, with these members on this version, and Quorate says so. */
  static void healthy(Fleet fleet, ClusterFile file) {
    Await.until(
        file.cluster() + " is healthy",
        PATIENCE,
        () -> isHealthy(fleet.status(file.cluster()), file),
        () -> fleet.quorate("status", file.cluster()).out() + rollout(fleet, file));
    Ran health = fleet.etcdctl(file, "endpoint", "health");
    assertTrue(health.succeeded(), () -> health.out() + health.err());
    List<JsonObject> statuses =
        objects(new JsonArray(fleet.etcdctl(file, "endpoint", "status", "-w", "json").orThrow()));
    assertEquals(file.hosts().size(), statuses.size());
    for (JsonObject status : statuses) {
      assertEquals(file.version(), status.getJsonObject("Status").getString("version"));
    }
  }

  private static boolean isHealthy(JsonObject status, ClusterFile file) {
    boolean well = List.of("healthy", "warning").contains(status.getString("health"));
    List<JsonObject> members = objects(status.getJsonArray("members"));
    return well
        && members.size() == file.hosts().size()
        && members.stream().allMatch(m -> m.getString("etcdVersion").equals(file.version()))
        && members.stream().allMatch(m -> List.of("leader", "voter").contains(m.getString("role")));
  }

  static String rollout(Fleet fleet, ClusterFile file) {
    return fleet.quorate("rollout", "status", file.cluster()).out();
  }

  /**
   * Above this share of time in which something waited for a processor, latencies are not judged.
   */
  private static final double BUSY = 0.6;

  /** Every acknowledged write is there, none failed, none took longer than a second. */
  static void unnoticed(String what, Written written) {
    counted(what, written);
    WritingSummary summary = written.summary();
    assertEquals(0, summary.failed(), summary::toJson);
    if (written.pressure() <= BUSY) {
      assertTrue(summary.worstMillis() <= 1000, summary::toJson);
    }
  }

  /**
   * The same of a client that never retries: the one write that is on its way to the old leader
   * while leadership moves may be dropped, and several where a disk's sync takes long.
   */
  static void careless(String what, Written written) {
    counted(what + ", without retry", written);
    long most = written.pressure() <= BUSY ? 1 : 3;
    assertTrue(written.summary().failed() <= most, written.summary()::toJson);
  }

  /** Every acknowledged write is there, and it is said what the worst was. */
  static void counted(String what, Written written) {
    WritingSummary summary = written.summary();
    System.out.printf(
        "%s: writes=%d failed=%d retries=%d median=%.0fms p99=%.0fms worst=%.0fms lost=%d"
            + " cpu-pressure=%.0f%%%n",
        what,
        summary.attempted(),
        summary.failed(),
        summary.retries(),
        summary.medianMillis(),
        summary.p99Millis(),
        summary.worstMillis(),
        summary.lost(),
        written.pressure() * 100);
    assertTrue(summary.nothingLost(), summary::toJson);
  }

  /** What a client saw while something happened, and how busy the machine was with everything. */
  record Written(WritingSummary summary, double pressure) {
    static Written during(Fleet fleet, ClusterFile file, boolean retry, Runnable happening) {
      try (WritingProcess writing = fleet.startWriting(file, retry)) {
        Pressure pressure = Pressure.begin();
        happening.run();
        double share = pressure.share();
        return new Written(writing.finish(), share);
      }
    }
  }

  static void succeeded(Ran ran) {
    assertEquals(0, ran.exit(), () -> ran.out() + ran.err());
  }

  static List<JsonObject> objects(JsonArray array) {
    return IntStream.range(0, array.size()).mapToObj(array::getJsonObject).toList();
  }
}
