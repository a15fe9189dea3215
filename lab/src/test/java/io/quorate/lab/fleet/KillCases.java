package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.LabHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Quorate's own parts are killed in the middle of a rollout, at the steps that are named. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class KillCases {
  private final Trial trial;
  private final Fleet fleet;
  private final Predicate<String> when;

  /**
   * @param when which steps, by their descriptions
   */
  KillCases(Trial trial, Predicate<String> when) {
    this.trial = trial;
    this.fleet = trial.fleet();
    this.when = when;
  }

  @Test
  @Order(1)
  void theCoordinatorIsKilledAtStepsOfAnUpgrade() {
    through(
        "3.5.30",
        step -> {
          fleet.killCoordinator();
          fleet.startCoordinator();
        });
  }

  @Test
  @Order(2)
  void theAgentThatIsToDoAStepIsKilledInTheMiddleOfIt() {
    through(
        "3.5.16",
        step ->
            trial.lab().hosts().stream()
                .filter(h -> step.contains(ClusterFile.member(h)))
                .forEach(h -> fleet.agent(h).kill()));
  }

  private void through(String version, Consumer<String> kill) {
    ClusterFile file = trial.base().withVersion(version);
    long began = Trial.now(trial.host(1));
    Set<String> killedAt = new HashSet<>();
    try (StepWatch steps = new StepWatch(fleet.data())) {
      Proof.succeeded(fleet.applyDetached(file));
      Await.until(
          "every step was begun",
          Duration.ofMinutes(5),
          () -> {
            for (String step : steps.begun()) {
              if (when.test(step) && killedAt.add(step)) {
                kill.accept(step);
              }
            }
            return steps.over();
          },
          trial::picture);
    }
    assertTrue(killedAt.size() >= 2, killedAt::toString);
    System.out.printf("killed at %d steps: %s%n", killedAt.size(), killedAt);
    trial.settled(file);
    fleet.awaitConnected(trial.lab().hosts());
    for (LabHost host : trial.lab().hosts()) {
      assertEquals(1, trial.starts(host, began), "starts of etcd on " + host);
    }
    assertEquals(List.of(), overlaps(began), "times when two were down");
  }

  /** A member is down from when systemd begins to stop it until etcd says that it is ready. */
  private List<String> overlaps(long began) {
    record Outage(LabHost host, double from, double to) {}
    List<Outage> outages = new ArrayList<>();
    for (LabHost host : trial.lab().hosts()) {
      String log =
          host.run(
                  "journalctl",
                  "--quiet",
                  "--no-pager",
                  "--output=short-unix",
                  "--since=@" + began,
                  "--unit=" + trial.unit())
              .orThrow();
      double from = 0;
      for (String line : log.lines().toList()) {
        double at = Double.parseDouble(line.substring(0, line.indexOf(' ')));
        if (line.contains(": Stopping ")) {
          from = at;
        } else if (line.contains(": Started ") && from > 0) {
          outages.add(new Outage(host, from, at));
          from = 0;
        }
      }
      assertEquals(0, from, () -> host + " did not come back: " + log);
    }
    assertEquals(3, outages.size(), outages::toString);
    List<String> overlaps = new ArrayList<>();
    for (Outage a : outages) {
      for (Outage b : outages) {
        if (!a.equals(b) && a.from() <= b.from() && b.from() < a.to()) {
          overlaps.add(a + " and " + b);
        }
      }
    }
    return overlaps;
  }
}
