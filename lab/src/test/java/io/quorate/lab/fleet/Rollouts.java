package io.quorate.lab.fleet;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a rollout did, step by step, as the coordinator tells it. */
final class Rollouts {
  private Rollouts() {}

  /** The steps of the latest rollout, in order. */
  static List<JsonObject> steps(Fleet fleet, ClusterFile file) {
    return Proof.objects(fleet.json("rollout", "status", file.cluster()).getJsonArray("steps"));
  }

  static List<JsonObject> steps(Fleet fleet, ClusterFile file, String kind) {
    return steps(fleet, file).stream().filter(s -> s.getString("kind").equals(kind)).toList();
  }

  /** What each step took, for people who read the test's output. */
  static void print(Fleet fleet, ClusterFile file) {
    JsonObject rollout = fleet.json("rollout", "status", file.cluster());
    System.out.printf(
        "%s: %.1f s%n",
        rollout.getString("title"),
        seconds(rollout.getString("started"), rollout.getString("ended")));
    for (JsonObject step : Proof.objects(rollout.getJsonArray("steps"))) {
      System.out.printf(
          "  %5.1f s  %s%n",
          seconds(step.getString("started"), step.getString("ended")), step.getString("text"));
    }
  }

  private static double seconds(String from, String to) {
    return Duration.between(Instant.parse(from), Instant.parse(to)).toMillis() / 1000.0;
  }
}
