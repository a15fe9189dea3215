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

/** A majority is gone for good: two of three and three of five members, in one stroke. */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RecoverTest {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** Of the survivor's agent: it has the copy, is about to force, and has forced. */
  private static final List<String> DEATHS =
      List.of("after-copy-survivor", "before-start", "after-stamp", "after-write-environment");

  private static final List<Integer> BACK = List.of(3, 4, 5);

  private static Lab lab;
  private static Fleet fleet;
  private static ClusterFile five;
  private static ClusterFile three;
  private static Content inFive;
  private static Content inThree;

  @BeforeAll
  static void up() {
    fleet = Fleet.up(5, "3.5.30");
    lab = fleet.lab();
    five = ClusterFile.of("five", "3.5.30", lab.hosts()).with("backup", "{every: never}");
    three =
        ClusterFile.of("three", "3.5.30", List.of(lab.host(1), lab.host(4), lab.host(5)))
            .with("backup", "{every: never}")
            .withClientPort(2479);
    Proof.succeeded(fleet.apply(five));
    Proof.succeeded(fleet.apply(three));
    Proof.healthy(fleet, five);
    Proof.healthy(fleet, three);
    inFive = Content.written(fleet, five, "five-", Duration.ofSeconds(3));
    inThree = Content.written(fleet, three, "three-", Duration.ofSeconds(2));
  }

  @AfterAll
  static void down() {
    fleet.down();
  }

  @Test
  @Order(1)
  void isRefusedWhileAMajorityWorks() {
    Content.refused("Q3506", fleet.quorate("recover", "three", "--confirm=three"));
  }

  @Test
  @Order(2)
  void isRefusedWithoutTheClustersName() {
    BACK.forEach(number -> lab.host(number).kill());
    Await.until(
        "both have lost their quorum",
        Duration.ofMinutes(1),
        () -> lost("five") && lost("three"),
        () -> fleet.quorate("status").out());
    Content.refused("Q1312", fleet.quorate("recover", "five", "--confirm=three"));
    Ran shown = fleet.quorate("recover", "five", "--confirm=nobody");
    assertTrue(shown.err().contains("force a new cluster of one"), shown::err);
  }

  private static boolean lost(String cluster) {
    return fleet.status(cluster).getString("health").equals("unavailable");
  }

  @Test
  @Order(3)
  void comesBackFromOneSurvivorWithEverythingAcknowledgedWhoeverDiesMeanwhile() {
    fleet.agent(lab.host(1)).crashAt(DEATHS);
    fleet.awaitConnected(List.of(lab.host(1), lab.host(2)));
    Proof.succeeded(fleet.quorate("recover", "three", "--confirm=three", "--detach"));
    Proof.succeeded(fleet.quorate("recover", "five", "--confirm=five", "--detach"));
    fleet.killCoordinator();
    fleet.startCoordinator();
    Await.until(
        "the survivors serve again",
        PATIENCE,
        () ->
            serves(three, lab.host(1)) && (serves(five, lab.host(1)) || serves(five, lab.host(2))),
        () -> Proof.rollout(fleet, five) + Proof.rollout(fleet, three));
    // Each has served while it was forced, and is started once more without the flag.
    for (ClusterFile cluster : List.of(five, three)) {
      Await.until(
          "nothing forces %s any more".formatted(cluster.cluster()),
          PATIENCE,
          () -> !forced(cluster, lab.host(1)) && !forced(cluster, lab.host(2)),
          () -> Proof.rollout(fleet, cluster));
    }
    Await.until(
        "it serves without it",
        PATIENCE,
        () -> serves(three, lab.host(1)),
        () -> Proof.rollout(fleet, three));
    assertEquals(List.of(), fleet.agent(lab.host(1)).notCrashedAt(DEATHS));
    inThree.isIn(fleet, three.withHosts(List.of(lab.host(1))));
    fleet.etcdctl(three.withHosts(List.of(lab.host(1))), "put", "after", "loss").orThrow();
    assertTrue(
        lab.host(1).run("sh", "-c", "ls -d /var/lib/etcd/three.set-aside-*-before-*").succeeded());
  }

  private static boolean forced(ClusterFile file, LabHost host) {
    String yaml = "/etc/etcd/%s/etcd.yaml".formatted(file.cluster());
    return host.run("grep", "-q", "force-new-cluster", yaml).succeeded();
  }

  private static boolean serves(ClusterFile file, LabHost host) {
    return fleet.etcdctl(file.withHosts(List.of(host)), "get", "none").succeeded();
  }

  /**
   * The three are a majority of what five was, and two of them of what three was. Neither the
   * coordinator, which hangs, nor the recovered members can be reached.
   */
  @Test
  @Order(4)
  void aMajorityThatComesBackAloneIsNoClusterAgain() {
    fleet.freezeCoordinator();
    for (int survivor : new int[] {1, 2}) {
      BACK.forEach(number -> lab.host(survivor).cutFrom(lab.host(number)));
    }
    lab.boot(BACK.stream().map(lab::host).toList());
    for (int number : BACK) {
      Await.until(
          "h%d says for whom it waits".formatted(number),
          Duration.ofMinutes(2),
          () -> agentSays(number, "Q2025"),
          () -> fleet.agent(lab.host(number)).log());
    }
    lab.host(1).heal();
    lab.host(2).heal();
    for (int number : BACK) {
      Await.until(
          "h%d has heard that its clusters have gone on".formatted(number),
          Duration.ofMinutes(2),
          () -> agentSays(number, "Q2024"),
          () -> fleet.agent(lab.host(number)).log());
    }
    notStarted();
    inThree.isIn(fleet, three.withHosts(List.of(lab.host(1))));
  }

  private static boolean agentSays(int number, String code) {
    return fleet.agent(lab.host(number)).log().contains(code);
  }

  /** Neither by the agent nor by systemd, since the host was switched on. */
  private static void notStarted() {
    for (int number : BACK) {
      for (String unit : List.of("etcd@five", "etcd@three")) {
        String log =
            lab.host(number)
                .run("journalctl", "-b", "--no-pager", "-o", "cat", "-u", unit)
                .orThrow();
        assertFalse(log.contains("Starting etcd"), log);
      }
    }
  }

  @Test
  @Order(5)
  void whoComesBackJoinsEmptyAndNeverStartsWithOldData() {
    fleet.thawCoordinator();
    for (ClusterFile file : List.of(five, three)) {
      Await.until(
          file.cluster() + " is whole again",
          PATIENCE,
          () -> fleet.status(file.cluster()).getJsonObject("rollout") == null,
          () -> Proof.rollout(fleet, file));
      Proof.healthy(fleet, file);
    }
    inFive.isIn(fleet, five);
    inThree.isIn(fleet, three);
    assertEquals("after\nloss", fleet.etcdctl(three, "get", "after").orThrow());
    for (int number : BACK) {
      String log =
          lab.host(number)
              .run("journalctl", "-b", "--no-pager", "-o", "cat", "-u", "etcd@five")
              .orThrow();
      assertTrue(log.contains("Starting etcd"), log);
      assertFalse(log.contains("permanently removed"), log);
      assertFalse(log.contains("restarting local member"), log);
    }
  }

  /**
   * Its cluster serves and awaits it: no coordinator is needed for that, nor that it has kept more
   * than the document says of its peers, as if it had joined just now.
   */
  @Test
  @Order(6)
  void oneThatIsAwaitedComesBackWithoutACoordinator() {
    fleet.stopCoordinator();
    fleet.agent(lab.host(5)).stop();
    lab.host(5).run("rm", "-r", "/var/lib/quorate-agent/members").orThrow();
    lab.host(5).poweroff();
    lab.host(5).boot();
    for (ClusterFile file : List.of(five, three)) {
      Await.until(
          file.cluster() + " is whole",
          PATIENCE,
          () -> fleet.etcdctl(file, "endpoint", "health").succeeded(),
          () -> fleet.agent(lab.host(5)).log());
    }
    String log = fleet.agent(lab.host(5)).log();
    for (String cluster : List.of("five", "three")) {
      assertTrue(
          log.matches("(?s).*%s may start [^\\n]*serves and awaits it.*".formatted(cluster)), log);
    }
  }
}
