package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A recovery was asked for, and those that were lost come back before anything was forced. */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CalledOffTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static Lab lab;
  private static Fleet fleet;
  private static ClusterFile prod;
  private static Content content;
  private static String id;

  @BeforeAll
  static void up() {
    fleet = Fleet.up(3, "3.5.30");
    lab = fleet.lab();
    prod = ClusterFile.of("prod", "3.5.30", lab.hosts()).with("backup", "{every: never}");
    Proof.succeeded(fleet.apply(prod));
    Proof.healthy(fleet, prod);
    content = Content.written(fleet, prod, "before-", Duration.ofSeconds(2));
    id = Content.clusterId(fleet, prod);
  }

  @AfterAll
  static void down() {
    fleet.down();
  }

  private static List<LabHost> lost() {
    return List.of(lab.host(2), lab.host(3));
  }

  /** Two of three are gone, and the survivor's agent is out of reach when it is asked for. */
  private static void asked() {
    lost().forEach(LabHost::kill);
    Await.until(
        "the quorum is lost",
        Duration.ofMinutes(1),
        () -> fleet.status("prod").getString("health").equals("unavailable"),
        () -> fleet.quorate("status").out());
    fleet.agent(lab.host(1)).stop();
    Await.until(
        "the survivor's agent is gone",
        Duration.ofMinutes(1),
        () -> fleet.quorate("host", "describe", "h1").out().contains("disconnected"),
        () -> fleet.quorate("host", "describe", "h1").out());
    Proof.succeeded(fleet.quorate("recover", "prod", "--confirm=prod", "--detach"));
    Await.until(
        "all others are told to stop, and the survivor is waited for",
        Duration.ofMinutes(1),
        () -> Proof.rollout(fleet, prod).contains("Q3003"),
        () -> Proof.rollout(fleet, prod));
  }

  private static void asBefore() {
    Proof.healthy(fleet, prod);
    content.isIn(fleet, prod);
    assertEquals(id, Content.clusterId(fleet, prod));
    for (LabHost host : lab.hosts()) {
      String log = host.run("journalctl", "--no-pager", "-o", "cat", "-u", "etcd@prod").orThrow();
      assertFalse(log.contains("force-new-cluster\":true"), "nothing was forced");
    }
    Ran events = fleet.quorate("events", "prod");
    assertTrue(events.out().contains("Q3511"), () -> events.out() + events.err());
    Ran history = fleet.quorate("rollout", "history", "prod");
    assertTrue(
        history.out().lines().anyMatch(l -> l.contains("Recover prod") && l.contains("aborted")),
        () -> history.out() + history.err());
  }

  /** They are there again, and told to stay down: their owner says that they are to run. */
  @Test
  @Order(1)
  void anAbortBringsTheClusterBackAsItWas() {
    asked();
    lab.boot(lost());
    fleet.awaitConnected(lost());
    Proof.succeeded(fleet.quorate("rollout", "abort", "prod"));
    fleet.agent(lab.host(1)).start();
    asBefore();
  }

  /** And what its clients are told meanwhile is not lost. */
  @Test
  @Order(2)
  void aQuorumThatComesBackWhileTheCoordinatorIsAwayIsKept() {
    asked();
    fleet.killCoordinator();
    lab.boot(lost());
    Await.until(
        "they serve again, as they were",
        PATIENCE,
        () -> fleet.etcdctl(prod, "put", "meanwhile", "acknowledged").succeeded(),
        () -> fleet.agent(lab.host(2)).log());
    fleet.agent(lab.host(1)).start();
    fleet.startCoordinator();
    Await.until(
        "the recovery is called off",
        PATIENCE,
        () ->
            fleet.quorate("rollout", "status", "prod").out().contains("aborted")
                || fleet.status("prod").getJsonObject("rollout") == null,
        () -> Proof.rollout(fleet, prod));
    asBefore();
    assertEquals("meanwhile\nacknowledged", fleet.etcdctl(prod, "get", "meanwhile").orThrow());
  }
}
