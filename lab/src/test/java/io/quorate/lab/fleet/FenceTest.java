package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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

/** Who may not speak for a host, and what an agent does not obey. */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FenceTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static Lab lab;
  private static Fleet fleet;

  @BeforeAll
  static void up() {
    lab = Lab.up(3);
    fleet = Fleet.start(lab);
    fleet.join(lab.hosts());
    fleet.addRelease("3.5.30");
  }

  @AfterAll
  static void down() {
    try (Lab closing = lab) {
      fleet.close();
      assertTrue(closing.hosts().size() > 0);
    }
  }

  /** h1 has h2's key and certificate. It never speaks for h1, and h2's copy is found out. */
  @Test
  @Order(1)
  void aStolenIdentityOpensNoOtherHostsStreamAndIsFoundOut() {
    LabHost thief = lab.host(1);
    fleet.agent(thief).stop();
    fleet.agent(thief).steal(fleet.agent(lab.host(2)));
    fleet.agent(thief).start();
    Await.until(
        "the theft is found out",
        PATIENCE,
        () -> state(lab.host(2)).equals("revoked"),
        () -> fleet.quorate("events").out());
    assertEquals("disconnected", state(thief));
    String audited = fleet.quorate("audit").out();
    assertTrue(audited.contains("identity locked"), audited);
    Await.until(
        "the thief is shut out",
        PATIENCE,
        () -> fleet.agent(thief).log().contains("Q1206"),
        () -> fleet.agent(thief).log());

    fleet.agent(thief).stop();
    fleet.agent(thief).beHonest();
    fleet.agent(thief).start();
    rejoin(lab.host(2));
    fleet.awaitConnected(lab.hosts());
  }

  @Test
  @Order(2)
  void aRevokedHostIsCutOffWithinFiveSecondsAndStaysOut() {
    LabHost host = lab.host(3);
    Proof.succeeded(fleet.quorate("host", "revoke", host.name(), "--yes"));
    Await.until(
        "its live stream is closed",
        Duration.ofSeconds(5),
        () -> fleet.agent(host).log().contains("Q1206"),
        () -> fleet.agent(host).log());
    fleet.agent(host).restart();
    Await.until(
        "it is refused when it comes again",
        PATIENCE,
        () -> fleet.agent(host).log().contains("Q1206"),
        () -> fleet.agent(host).log());
    assertEquals("revoked", state(host));
    rejoin(host);
    fleet.awaitConnected(lab.hosts());
  }

  /**
   * The coordinator comes back from a backup that knows nothing of the last change. Agents refuse
   * it, also after a reboot, until it is declared restored; then it learns from them, and the
   * present file changes nothing.
   */
  @Test
  @Order(3)
  void aCoordinatorFromABackupIsRefusedUntilItIsDeclaredRestored() {
    ClusterFile before = ClusterFile.of("prod", "3.5.30", lab.hosts());
    ClusterFile now = before.with("etcd", "{snapshot-count: 20000}");
    applied(before);
    fleet.stopCoordinator();
    fleet.copyData("backup");
    fleet.startCoordinator();
    applied(now);
    fleet.killCoordinator();
    fleet.startCoordinator();
    fleet.awaitConnected(lab.hosts());

    fleet.killCoordinator();
    fleet.replaceData("backup");
    lab.host(1).kill();
    lab.host(1).boot();
    List<String> processes = processes();
    fleet.startCoordinator();
    for (LabHost host : lab.hosts()) {
      Await.until(
          host + " refuses the old epoch",
          PATIENCE,
          () -> fleet.agent(host).log().contains("Q2001"),
          () -> fleet.agent(host).log());
      assertNotEquals("connected", state(host));
    }

    fleet.stopCoordinator();
    Proof.succeeded(fleet.declareRestored());
    fleet.startCoordinator();
    fleet.awaitConnected(lab.hosts());
    Ran paused = fleet.quorate("status", "prod");
    assertTrue(paused.out().contains("Q3006"), paused::out);
    assertEquals(processes, processes(), "nothing happens by itself");
    applied(now);
    Proof.healthy(fleet, now);
    assertEquals(processes, processes(), "the present file is in force already");
  }

  /** A key in the wrong hands does not wait until its host's members have moved. */
  @Test
  @Order(4)
  void aHostThatCarriesMembersIsRevokedOnlyByItsNameAndItsMemberRunsOn() {
    LabHost host = lab.host(3);
    List<String> processes = processes();
    Ran refused = fleet.quorate("host", "revoke", host.name(), "--yes");
    assertEquals(1, refused.exit(), refused::err);
    assertTrue(refused.err().contains("Q1211"), refused::err);
    assertEquals("connected", state(host));
    Ran misnamed = fleet.quorate("host", "revoke", host.name(), "--confirm=h2");
    assertTrue(misnamed.err().contains("Q1312"), misnamed::err);
    assertEquals("connected", state(host));

    Proof.succeeded(fleet.quorate("host", "revoke", host.name(), "--confirm=" + host.name()));
    Await.until(
        "its live stream is closed",
        Duration.ofSeconds(5),
        () -> fleet.agent(host).log().contains("Q1206"),
        () -> fleet.agent(host).log());
    String audited = fleet.quorate("audit").out();
    assertTrue(audited.contains("although it carries members of prod"), audited);
    assertEquals(processes, processes(), "etcd runs on");
    fleet.etcdctl(ClusterFile.of("prod", "3.5.30", lab.hosts()), "endpoint", "health").orThrow();
    rejoin(host);
    fleet.awaitConnected(lab.hosts());
  }

  /** A command line that found the coordinator too busy tries again, as a person would. */
  private static void applied(ClusterFile file) {
    Await.until(
        file.cluster() + " is applied",
        PATIENCE.multipliedBy(3),
        () -> fleet.apply(file).succeeded(),
        () -> fleet.apply(file).err());
  }

  private static String state(LabHost host) {
    return fleet.json("host", "describe", host.name()).getString("state");
  }

  private static void rejoin(LabHost host) {
    String line = fleet.quorate("host", "token", "--host", host.name()).orThrow();
    fleet.agent(host).stop();
    fleet.agent(host).forgetIdentity();
    host.run("sh", "-c", line).orThrow();
    fleet.agent(host).start();
  }

  private static List<String> processes() {
    return lab.hosts().stream()
        .map(host -> host.run("systemctl", "show", "-P", "MainPID", "etcd@prod").orThrow())
        .toList();
  }
}
