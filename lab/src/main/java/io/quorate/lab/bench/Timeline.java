package io.quorate.lab.bench;

import io.quorate.lab.LabHost;
import io.quorate.lab.fleet.ClusterFile;
import io.quorate.lab.fleet.Fleet;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the time of the last rollout went: the coordinator's steps, and between them what systemd
 * on the hosts says of etcd's stops and starts.
 */
final class Timeline {
  private static final Pattern LINE =
      Pattern.compile("(\\d+\\.\\d+) \\S+ systemd\\[1\\]: (Stopping|Stopped|Starting|Started) .*");

  private static final Pattern FETCHED =
      Pattern.compile("(\\d+\\.\\d+) .* (etcd \\S+ is here: .*)");

  private Timeline() {}

  static void print(Figures figures, Fleet fleet, ClusterFile file) {
    JsonObject rollout = fleet.json("rollout", "status", file.cluster());
    double began = seconds(rollout.getString("started"));
    SortedMap<Double, String> moments = new TreeMap<>();
    JsonArray steps = rollout.getJsonArray("steps");
    for (int i = 0; i < steps.size(); i++) {
      JsonObject step = steps.getJsonObject(i);
      moments.put(seconds(step.getString("started")), step.getString("text"));
    }
    moments.put(seconds(rollout.getString("ended")), "done");
    for (LabHost host : file.hosts()) {
      String lines =
          host.run(
                  "journalctl",
                  "--no-pager",
                  "--output=short-unix",
                  "--identifier=systemd",
                  "--lines=20",
                  "--unit=etcd@" + file.cluster())
              .out();
      for (Matcher found = LINE.matcher(lines); found.find(); ) {
        double at = Double.parseDouble(found.group(1));
        if (at >= began) {
          moments.put(at, "    %s: %s".formatted(host, found.group(2)));
        }
      }
      String agent =
          host.run(
                  "journalctl",
                  "--no-pager",
                  "--output=short-unix",
                  "--lines=20",
                  "--unit=quorate-agent")
              .out();
      for (Matcher found = FETCHED.matcher(agent); found.find(); ) {
        double at = Double.parseDouble(found.group(1));
        if (at >= began) {
          moments.put(at, "    %s: %s".formatted(host, found.group(2)));
        }
      }
    }
    moments.forEach(
        (at, what) -> figures.say(String.format(Locale.ROOT, "    %6.2f  %s", at - began, what)));
  }

  private static double seconds(String instant) {
    return Instant.parse(instant).toEpochMilli() / 1000.0;
  }
}
