package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Ran;
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

  static void succeeded(Ran ran) {
    assertEquals(0, ran.exit(), () -> ran.out() + ran.err());
  }

  static List<JsonObject> objects(JsonArray array) {
    return IntStream.range(0, array.size()).mapToObj(array::getJsonObject).toList();
  }
}
