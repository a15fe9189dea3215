package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** From three empty hosts to clusters that survive what happens to machines and to Quorate. */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeployTest {
  private static Lab lab;
  private static Fleet fleet;
  private static ClusterFile prod;
  private static ClusterFile old;

  @BeforeAll
  static void up() {
    lab = Lab.up(3);
    fleet = Fleet.start(lab);
    prod = ClusterFile.of("prod", "3.5.30", lab.hosts());
    old = ClusterFile.of("old", "3.4.23", lab.hosts()).withClientPort(2479);
  }

  @AfterAll
  static void down() {
    try (Lab closing = lab) {
      fleet.close();
      assertTrue(closing.hosts().size() > 0);
    }
  }

  @Test
  @Order(1)
  void threeHostsJoinAndCarryTwoClusters() {
    fleet.join(lab.hosts());
    fleet.addRelease("3.5.30");
    fleet.addRelease("3.4.23");
    Proof.succeeded(fleet.apply(prod));
    Proof.succeeded(fleet.apply(old));
    Proof.healthy(fleet, prod);
    Proof.healthy(fleet, old);
    for (LabHost host : lab.hosts()) {
      assertEquals("active", host.run("systemctl", "is-active", "etcd@prod").orThrow());
      assertEquals("enabled", host.run("systemctl", "is-enabled", "etcd@old").orThrow());
    }
  }

  @Test
  @Order(2)
  void applyingAgainDoesNothing() {
    long revision = fleet.status("prod").getLong("revision");
    Ran again = fleet.apply(prod);
    Proof.succeeded(again);
    assertEquals(revision, fleet.status("prod").getLong("revision"), again::out);
  }

  @Test
  @Order(3)
  void onlyIssuedCredentialsGetIn() {
    fleet.etcdctl(prod, "put", "greeting", "hello").orThrow();
    assertEquals("greeting\nhello", fleet.etcdctl(prod, "get", "greeting").orThrow());
    assertFalse(fleet.strangersEtcdctl(prod, "get", "greeting").succeeded());
    // The other cluster's clients are strangers, too.
    assertFalse(fleet.etcdctlOf(old, prod, "get", "greeting").succeeded());
  }

  @Test
  @Order(4)
  void anAgentsRestartTouchesNoMember() {
    List<String> before = processes();
    lab.hosts().forEach(host -> fleet.agent(host).restart());
    fleet.awaitConnected(lab.hosts());
    lab.hosts().forEach(host -> fleet.agent(host).kill());
    fleet.awaitConnected(lab.hosts());
    assertEquals(before, processes());
  }

  /** Which processes run the two clusters. */
  private static List<String> processes() {
    return lab.hosts().stream()
        .map(
            host ->
                host.run("systemctl", "show", "-P", "MainPID", "etcd@prod", "etcd@old").orThrow())
        .toList();
  }
}
