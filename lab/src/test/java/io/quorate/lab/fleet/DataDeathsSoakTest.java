package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Agents and the coordinator die at each step of a restore and of a recovery. */
@Tag("lab")
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DataDeathsSoakTest {
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  private static final List<String> RESTORING =
      points(
          "journal",
          "download",
          "stop",
          "disable",
          "set-aside-wal",
          "set-aside-data",
          "write-configuration",
          "write-environment",
          "seed",
          "place-data",
          "place-wal",
          "stamp",
          "remember",
          "start",
          "enable");

  private static final List<String> FORCING =
      points(
          "journal",
          "stop",
          "disable",
          "copy-survivor",
          "stamp",
          "write-configuration",
          "write-environment",
          "remember",
          "start",
          "enable");

  private static Fleet fleet;
  private static Lab lab;
  private static ClusterFile prod;
  private static Content content;
  private static JsonObject saved;

  @BeforeAll
  static void up() {
    fleet = Fleet.up(3, "3.5.30");
    lab = fleet.lab();
    prod = ClusterFile.of("prod", "3.5.30", lab.hosts()).with("backup", "{every: never}");
    Proof.succeeded(fleet.apply(prod));
    Proof.healthy(fleet, prod);
    content = Content.written(fleet, prod, "before-", Duration.ofSeconds(2));
    saved = fleet.json("snapshot", "save", "prod");
  }

  @AfterAll
  static void down() {
    fleet.down();
  }

  private static List<String> points(String... steps) {
    return Stream.of(steps).flatMap(s -> Stream.of("before-" + s, "after-" + s)).toList();
  }

  @Test
  @Order(1)
  void agentsDieAtEveryStepOfARestore() {
    lab.hosts().forEach(h -> fleet.agent(h).crashAt(RESTORING));
    fleet.awaitConnected(lab.hosts());
    restore();
    done();
    lab.hosts()
        .forEach(
            h -> assertEquals(List.of(), fleet.agent(h).notCrashedAt(RESTORING), h.toString()));
  }

  @Test
  @Order(2)
  void theCoordinatorDiesAtEveryStepOfARestore() {
    Set<String> steps = dying(DataDeathsSoakTest::restore);
    done();
    assertTrue(steps.size() >= 2, steps::toString);
  }

  /** Two of three are gone; what is left dies at every step, and again those that come back. */
  @Test
  @Order(3)
  void theSurvivorsAgentDiesAtEveryStepOfARecovery() {
    lose(2, 3);
    fleet.agent(lab.host(1)).crashAt(FORCING);
    fleet.awaitConnected(List.of(lab.host(1)));
    recover();
    lab.boot(List.of(lab.host(2), lab.host(3)));
    done();
    assertEquals(List.of(), fleet.agent(lab.host(1)).notCrashedAt(FORCING));
  }

  @Test
  @Order(4)
  void theCoordinatorDiesAtEveryStepOfARecovery() {
    lose(1, 2);
    Set<String> steps =
        dying(
            () -> {
              recover();
              lab.boot(List.of(lab.host(1), lab.host(2)));
            });
    done();
    assertTrue(steps.size() >= 6, steps::toString);
  }

  private static void restore() {
    Await.until(
        "the restore is taken",
        PATIENCE,
        () ->
            fleet
                .quorate(
                    "snapshot",
                    "restore",
                    "prod",
                    saved.getString("id"),
                    "--confirm=prod",
                    "--detach")
                .succeeded(),
        () -> fleet.quorate("status", "prod").out());
  }

  private static void recover() {
    Proof.succeeded(fleet.quorate("recover", "prod", "--confirm=prod", "--detach"));
  }

  private static void lose(int... numbers) {
    for (int number : numbers) {
      lab.host(number).kill();
    }
    Await.until(
        "the quorum is lost",
        PATIENCE,
        () -> fleet.status("prod").getString("health").equals("unavailable"),
        () -> fleet.quorate("status", "prod").out());
  }

  /** The coordinator is killed whenever a further step has begun; which those were. */
  private static Set<String> dying(Runnable begin) {
    Set<String> killedAt = new HashSet<>();
    try (StepWatch steps = new StepWatch(fleet.data())) {
      begin.run();
      Await.until(
          "every step was begun",
          PATIENCE,
          () -> {
            for (String step : steps.begun()) {
              if (killedAt.add(step)) {
                fleet.killCoordinator();
                fleet.startCoordinator();
              }
            }
            return steps.over();
          },
          () -> Proof.rollout(fleet, prod));
    }
    System.out.printf("killed at %d steps: %s%n", killedAt.size(), killedAt);
    return killedAt;
  }

  private static void done() {
    Await.until(
        "nothing is under way",
        PATIENCE,
        () -> fleet.status("prod").getJsonObject("rollout") == null,
        () -> Proof.rollout(fleet, prod) + fleet.agent(lab.host(1)).log());
    fleet.awaitConnected(lab.hosts());
    Proof.healthy(fleet, prod);
    content.isIn(fleet, prod);
    MemberProof.same(fleet, prod);
    for (LabHost host : lab.hosts()) {
      assertEquals(
          "enabled", host.run("systemctl", "is-enabled", "etcd@prod").orThrow(), host::name);
    }
  }
}
