package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A cluster is deployed while agents, the coordinator and hosts die under it. */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CrashTest {
  private static final String VERSION = "3.5.30";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static Lab lab;
  private static Fleet fleet;
  private static ClusterFile first;
  private static ClusterFile second;

  @BeforeAll
  static void up() {
    lab = Lab.up(3);
    fleet = Fleet.start(lab);
    first = ClusterFile.of("first", VERSION, lab.hosts());
    second = ClusterFile.of("second", VERSION, lab.hosts()).withClientPort(2479);
    fleet.join(lab.hosts());
    fleet.addRelease(VERSION);
  }

  @AfterAll
  static void down() {
    try (Lab closing = lab) {
      fleet.close();
      assertTrue(closing.hosts().size() > 0);
    }
  }

  /** Each agent at a third of the points, so that together they die at every one. */
  @Test
  @Order(1)
  void agentsDieAtEveryStepAndStillConverge() {
    Deaths deaths = new Deaths(fleet);
    deaths.ofAgents(first, number -> Deaths.everyNth(Deaths.POINTS, 3, number));
  }

  @Test
  @Order(2)
  void theCoordinatorDiesBetweenAnyTwoStepsAndGoesOn() {
    // To prepare, to start, and to note that it has formed.
    assertTrue(new Deaths(fleet).ofTheCoordinator(second) >= 3);
  }

  @Test
  @Order(3)
  void hostsAreShutDownAndTheirClustersComeBackByThemselves() {
    fleet.etcdctl(first, "put", "kept", "yes").orThrow();
    fleet.stopCoordinator();
    lab.hosts().forEach(LabHost::poweroff);
    lab.boot(lab.hosts());
    servesAgain();
  }

  @Test
  @Order(4)
  void powerIsLostEverywhereAndTheClustersComeBackByThemselves() {
    lab.hosts().forEach(LabHost::kill);
    lab.boot(lab.hosts());
    servesAgain();
    fleet.startCoordinator();
    fleet.awaitConnected(lab.hosts());
    Proof.healthy(fleet, first);
    Proof.healthy(fleet, second);
  }

  /** No coordinator is there to be asked. */
  private static void servesAgain() {
    for (ClusterFile file : List.of(first, second)) {
      Await.until(
          file.cluster() + " serves",
          PATIENCE,
          () -> fleet.etcdctl(file, "endpoint", "health").succeeded(),
          () -> fleet.etcdctl(file, "endpoint", "health").err());
    }
    assertEquals("kept\nyes", fleet.etcdctl(first, "get", "kept").orThrow());
  }
}
