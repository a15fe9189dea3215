package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A live cluster is changed in every ordinary way, and its clients do not notice. */
@Tag("lab")
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChangeTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static Lab lab;
  private static Fleet fleet;
  private static ClusterFile file;

  @BeforeAll
  static void up() {
    lab = Lab.up(3);
    fleet = Fleet.start(lab);
    file = ClusterFile.of("live", "3.5.16", lab.hosts());
    fleet.join(lab.hosts());
    fleet.addRelease("3.5.16");
    fleet.addRelease("3.5.30");
    Proof.succeeded(fleet.apply(file));
    Proof.healthy(fleet, file);
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
  void anUpgradeIsNotNoticed() {
    file = file.withVersion("3.5.30");
    Proof.unnoticed("3.5.16 -> 3.5.30", written(true, () -> Proof.succeeded(fleet.apply(file))));
    Proof.healthy(fleet, file);
    Rollouts.print(fleet, file);
    assertEquals(1, Rollouts.steps(fleet, file, "MoveLeader").size());
    assertEquals(1, Rollouts.steps(fleet, file, "SaveSnapshot").size());
  }

  @Test
  @Order(2)
  void neitherIsTheWayBackByACarelessClient() {
    file = file.withVersion("3.5.16");
    Proof.Written careless = written(false, () -> Proof.succeeded(fleet.apply(file)));
    Proof.careless("3.5.30 -> 3.5.16", careless);
    Proof.healthy(fleet, file);
    Rollouts.print(fleet, file);
  }

  @Test
  @Order(3)
  void aSettingThatEtcdTakesInAtItsStart() {
    SortedMap<String, String> before = Processes.of(file);
    file = file.with("etcd", "{snapshot-count: 50000}");
    Proof.unnoticed("snapshot-count", written(true, () -> Proof.succeeded(fleet.apply(file))));
    assertEquals(3, Processes.restarted(before, Processes.of(file)));
    Rollouts.print(fleet, file);
  }

  @Test
  @Order(4)
  void whatNeedsNoRestartGetsNone() {
    SortedMap<String, String> before = Processes.of(file);
    file = file.with("backup", "{every: 12h}").with("certificates", "{names: [etcd.example]}");
    Proof.succeeded(fleet.apply(file));
    assertEquals(before, Processes.of(file));
    for (LabHost host : lab.hosts()) {
      // Not the file: what the running etcd says to a client now.
      String served =
          lab.run(
                  MINUTE,
                  "sh",
                  "-c",
                  "openssl s_client -connect %s:2379 </dev/null 2>/dev/null | openssl x509 -noout -ext subjectAltName"
                      .formatted(host.address()))
              .out();
      assertTrue(served.contains("DNS:etcd.example"), () -> host + " serves " + served);
    }
  }

  @Test
  @Order(5)
  void limitsOfTheUnit() {
    file = file.with("unit", "{LimitNOFILE: 4321, GOGC: 80}");
    Proof.unnoticed("unit", written(true, () -> Proof.succeeded(fleet.apply(file))));
    for (LabHost host : lab.hosts()) {
      assertEquals("4321", Processes.limit(file, host, "Max open files"));
      assertEquals("80", Processes.environment(file, host, "GOGC"));
    }
  }

  @Test
  @Order(6)
  void aRestartOnRequest() {
    SortedMap<String, String> before = Processes.of(file);
    Proof.succeeded(fleet.quorate("member", "restart", "live", "etcd-h2", "--yes"));
    SortedMap<String, String> one = Processes.of(file);
    assertEquals(1, Processes.restarted(before, one));
    assertNotEquals(before.get("h2"), one.get("h2"));
    Proof.unnoticed(
        "restart", written(true, () -> Proof.succeeded(fleet.quorate("restart", "live", "--yes"))));
    assertEquals(3, Processes.restarted(one, Processes.of(file)));
  }

  @Test
  @Order(7)
  void theCanaryGoesFirstAndSoaks() {
    file =
        file.with("rollout", "{soak: 0s, maximumFsyncP99: 30s, canary: etcd-h3, canarySoak: 4s}");
    Proof.succeeded(fleet.apply(file));
    Proof.succeeded(fleet.quorate("restart", "live", "--yes"));
    List<JsonObject> restarts = Rollouts.steps(fleet, file, "Configure");
    assertEquals("etcd-h3", restarts.get(0).getString("subject"));
    Instant canaryDone = Instant.parse(restarts.get(0).getString("started"));
    Instant next = Instant.parse(restarts.get(1).getString("started"));
    assertTrue(Duration.between(canaryDone, next).toMillis() >= 4000, restarts::toString);
  }

  @Test
  @Order(8)
  void onlyTheMembersNamedUntilTheLimitIsLifted() {
    SortedMap<String, String> before = Processes.of(file);
    file =
        file.with("etcd", "{snapshot-count: 60000}")
            .with("rollout", "{soak: 0s, maximumFsyncP99: 30s, canarySoak: 0s}");
    Path limited = fleet.write(file);
    Proof.succeeded(
        fleet.quorate(
            "apply", "-f", limited.toString(), "--yes", "--detach", "--limit", "etcd-h1"));
    Await.until(
        "it waits for the others",
        MINUTE,
        () -> waitsFor("Q3017"),
        () -> Proof.rollout(fleet, file));
    assertEquals(1, Processes.restarted(before, Processes.of(file)));
    Proof.succeeded(fleet.apply(file));
    assertEquals(3, Processes.restarted(before, Processes.of(file)));
  }

  @Test
  @Order(9)
  void anotherWishWaitsForTheFirst() {
    ClusterFile slow =
        file.with("etcd", "{snapshot-count: 70000}")
            .with("rollout", "{soak: 20s, maximumFsyncP99: 30s}");
    Proof.succeeded(fleet.applyDetached(slow));
    Ran second = fleet.applyDetached(slow.with("etcd", "{snapshot-count: 80000}"));
    assertEquals(6, second.exit(), second::err);
    assertTrue(second.err().contains("Q1307"), second::err);
    Proof.succeeded(fleet.quorate("rollout", "pause", "live", "--reason", "lunch"));
    Await.until("it is paused", MINUTE, () -> waitsFor("Q3006"), () -> Proof.rollout(fleet, file));
    SortedMap<String, String> paused = Processes.of(file);
    file = file.with("etcd", "{snapshot-count: 80000}");
    Proof.succeeded(fleet.apply(file));
    assertEquals(3, Processes.restarted(paused, Processes.of(file)));
    Proof.healthy(fleet, file);
  }

  @Test
  @Order(10)
  void oneAndTwoMembersOnlyWhenTheirOwnerSaysSo() {
    for (int members = 1; members <= 2; members++) {
      ClusterFile small =
          ClusterFile.of("small-" + members, "3.5.16", lab.hosts().subList(0, members))
              .withClientPort(2379 + 100 * members)
              .with("allowEvenMembers", "true");
      Proof.succeeded(fleet.apply(small));
      ClusterFile upgraded = small.withVersion("3.5.30");
      SortedMap<String, String> before = Processes.of(small);
      Ran refused = fleet.apply(upgraded);
      assertNotEquals(0, refused.exit(), refused::out);
      assertTrue(refused.err().contains("Q3103"), refused::err);
      assertEquals(before, Processes.of(small));
      Proof.succeeded(fleet.apply(upgraded.with("allowDowntime", "true")));
      Proof.healthy(fleet, upgraded);
      fleet.delete(small.cluster()).orThrow();
    }
  }

  /** Etcd knows its clients by the common names of their certificates then. */
  @Test
  @Order(11)
  void withEtcdsOwnAuthentication() {
    for (String user : List.of("root", "lab")) {
      fleet.etcdctl(file, "user", "add", user, "--no-password").orThrow();
      fleet.etcdctl(file, "user", "grant-role", user, "root").orThrow();
    }
    fleet.etcdctl(file, "auth", "enable").orThrow();
    SortedMap<String, String> before = Processes.of(file);
    ClusterFile upgraded = file.withVersion("3.5.30");
    Await.until("it is seen", MINUTE, () -> status().contains("Q3026"), ChangeTest::status);
    Ran refused = fleet.apply(upgraded);
    assertNotEquals(0, refused.exit(), refused::out);
    assertTrue(refused.err().contains("Q3026"), refused::err);
    assertTrue(refused.err().contains("etcdctl user add quorate-coordinator"), refused::err);
    assertEquals(before, Processes.of(file));

    for (String user : List.of("quorate-coordinator", "quorate-agent")) {
      fleet.etcdctl(file, "user", "add", user, "--no-password").orThrow();
      fleet.etcdctl(file, "user", "grant-role", user, "root").orThrow();
    }
    Await.until("it is admitted", MINUTE, () -> !status().contains("Q3026"), ChangeTest::status);
    Proof.unnoticed(
        "with authentication", written(true, () -> Proof.succeeded(fleet.apply(upgraded))));
    Proof.succeeded(fleet.apply(file));
    Proof.healthy(fleet, file);
    fleet.etcdctl(file, "auth", "disable").orThrow();
  }

  /** A change begins on a healthy cluster; or its owner wants it to begin with what is down. */
  @Test
  @Order(12)
  void aMemberThatIsDownComesFirstOnlyWhenItsOwnerSaysSo() {
    LabHost down = lab.host(2);
    file = file.with("drift", "report");
    Proof.succeeded(fleet.apply(file));
    down.run("systemctl", "stop", "etcd@live").orThrow();
    SortedMap<String, String> before = Processes.of(file);
    file = file.with("etcd", "{snapshot-count: 90000}");
    Proof.succeeded(fleet.applyDetached(file));
    Await.until("it waits", MINUTE, () -> waitsFor("Q3007"), () -> Proof.rollout(fleet, file));
    String said = fleet.quorate("rollout", "status", "live").out();
    assertTrue(said.contains("a change begins on a healthy cluster"), said);
    assertEquals(before, Processes.of(file));

    Proof.succeeded(fleet.quorate("rollout", "pause", "live"));
    file = file.with("repairFailedMembersFirst", "true");
    Proof.succeeded(fleet.apply(file));
    Proof.healthy(fleet, file);
    assertEquals(3, Processes.restarted(before, Processes.of(file)));
    assertEquals(
        "etcd-h2",
        Rollouts.steps(fleet, file, "Configure").stream()
            .map(step -> step.getString("subject"))
            .filter(subject -> !subject.contains(","))
            .findFirst()
            .orElseThrow());
  }

  private static String status() {
    return fleet.quorate("status", "live").out();
  }

  private static boolean waitsFor(String code) {
    return fleet.json("rollout", "status", "live").getJsonArray("holds").encode().contains(code);
  }

  private static Proof.Written written(boolean retry, Runnable change) {
    return Proof.Written.during(fleet, file, retry, change);
  }
}
