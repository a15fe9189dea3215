package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.quorate.lab.Releases;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Up and down through etcd's minor versions, with the real programs and a client that writes. */
@Tag("lab")
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VersionsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String NEW_NAME =
      "{warning-apply-duration: 150ms, experimental-compact-hash-check-enabled: true}";

  private static Lab lab;
  private static Fleet fleet;
  private static ClusterFile five;
  private static ClusterFile deep;

  @BeforeAll
  static void up() {
    lab = Lab.up(5);
    fleet = Fleet.start(lab);
    fleet.join(lab.hosts());
    fleet.addRelease("3.4.23");
    fleet.addRelease("3.5.30");
    five = ClusterFile.of("five", "3.4.23", lab.hosts());
    deep = ClusterFile.of("deep", "3.5.30", lab.hosts().subList(0, 3)).withClientPort(2479);
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
  void withAuthenticationEnabledThereIsNoRollingWayFrom34To35() {
    Proof.succeeded(fleet.apply(five));
    fleet.etcdctl(five, "user", "add", "root:secret").orThrow();
    fleet.etcdctl(five, "auth", "enable").orThrow();
    try {
      Ran refused = refused(five.withVersion("3.5.30"), "Q3207");
      assertTrue(refused.err().contains("authentication"), refused::err);
    } finally {
      fleet.etcdctl(five, "--user=root:secret", "auth", "disable").orThrow();
    }
  }

  @Test
  @Order(2)
  void fiveMembersGoFrom34To35() {
    five = five.withVersion("3.5.30");
    // What was asked about authentication is remembered for some seconds.
    Await.until(
        "authentication is known to be off",
        MINUTE,
        () -> !plan(five).contains("Q3207"),
        () -> plan(five));
    assertTrue(
        plan(five).contains("point of no return: only a snapshot leads back to 3.4"),
        () -> plan(five));
    Proof.unnoticed("3.4.23 -> 3.5.30, five members", written(five));
    Proof.healthy(fleet, five);
    Rollouts.print(fleet, five);
    assertEquals(1, Rollouts.steps(fleet, five, "MoveLeader").size());
    refused(five.withVersion("3.4.23"), "Q3205");
    fleet.delete("five").orThrow();
  }

  @Test
  @Order(3)
  void to36OnlyWithTheHazardAcceptedByName() {
    assume("3.6");
    Proof.succeeded(fleet.apply(deep.with("etcd", NEW_NAME)));
    ClusterFile next = deep.withVersion(release("3.6")).with("etcd", NEW_NAME);
    Ran refused = refused(next, "Q3207");
    assertTrue(refused.err().contains("3.5.32"), refused::err);
    deep = next;
    Proof.unnoticed(
        "3.5.30 -> 3.6",
        Proof.Written.during(fleet, deep, true, () -> accepting(deep, "version.path")));
    Proof.healthy(fleet, deep);
    Rollouts.print(fleet, deep);
    String audit = fleet.quorate("audit", "-o", "wide").orThrow();
    assertTrue(audit.contains("accept=version.path"), audit);
    // The same two settings under the names that each version has for them.
    for (LabHost host : deep.hosts()) {
      String file = host.run("cat", "/etc/etcd/deep/etcd.yaml").orThrow();
      assertTrue(file.contains("warning-apply-duration: 150000000"), file);
      assertTrue(file.contains("CompactHashCheck=true"), file);
      assertTrue(!file.contains("experimental-"), file);
    }
  }

  @Test
  @Order(4)
  void aDowngradeIsCancelledHalfWay() {
    assume("3.6");
    ClusterFile down =
        deep.withVersion("3.5.30").with("rollout", "{soak: 30s, maximumFsyncP99: 30s}");
    Proof.succeeded(fleet.applyDetached(down));
    Await.until(
        "one member is on 3.5 and soaks",
        MINUTE.multipliedBy(3),
        () -> Proof.rollout(fleet, down).contains("Q3005"),
        () -> Proof.rollout(fleet, down));
    fleet.quorate("rollout", "abort", "deep", "--back").orThrow();
    Await.until(
        "it is where it came from",
        MINUTE.multipliedBy(2),
        () -> fleet.json("rollout", "status", "deep").getString("state").equals("done"),
        () -> Proof.rollout(fleet, deep));
    Proof.healthy(fleet, deep);
    assertEquals(
        "cancel the downgrade to 3.5",
        Rollouts.steps(fleet, deep, "Downgrade").getLast().getString("text"));
  }

  @Test
  @Order(5)
  void andGoesAllTheWayByEtcdsOwnProcedure() {
    assume("3.6");
    String newer = deep.version();
    deep = deep.withVersion("3.5.30").with("rollout", "{soak: 0s, maximumFsyncP99: 30s}");
    Proof.unnoticed("3.6 -> 3.5.30", written(deep));
    Proof.healthy(fleet, deep);
    Rollouts.print(fleet, deep);
    for (LabHost host : deep.hosts()) {
      String file = host.run("cat", "/etc/etcd/deep/etcd.yaml").orThrow();
      assertTrue(file.contains("experimental-warning-apply-duration: 150000000"), file);
    }
    deep = deep.withVersion(newer);
    accepting(deep, "version.path");
    Proof.healthy(fleet, deep);
  }

  @Test
  @Order(6)
  void to37AndBack() {
    assume("3.6");
    assume("3.7");
    String before = deep.version();
    // 3.7 cannot read what 3.5 wrote into the log: 3.6 must have made a snapshot since.
    deep = deep.with("etcd", "{snapshot-count: 100}");
    Proof.unnoticed("snapshot-count", written(deep));
    deep = deep.withVersion(release("3.7"));
    Proof.unnoticed("3.6 -> 3.7", written(deep));
    Proof.healthy(fleet, deep);
    deep = deep.withVersion(before);
    Proof.unnoticed("3.7 -> 3.6", written(deep));
    Proof.healthy(fleet, deep);
  }

  private static Proof.Written written(ClusterFile file) {
    return Proof.Written.during(fleet, file, true, () -> Proof.succeeded(fleet.apply(file)));
  }

  private static void accepting(ClusterFile file, String hazard) {
    Proof.succeeded(
        fleet.quorate("apply", "-f", fleet.write(file).toString(), "--yes", "--accept", hazard));
  }

  private static Ran refused(ClusterFile file, String code) {
    Ran refused = fleet.apply(file);
    assertNotEquals(0, refused.exit(), refused::out);
    assertTrue(refused.err().contains(code), refused::err);
    return refused;
  }

  private static String plan(ClusterFile file) {
    return fleet.quorate("plan", "-f", fleet.write(file).toString(), "-o", "wide").out();
  }

  private static void assume(String minor) {
    assumeTrue(Releases.find(minor).isPresent(), Releases.missing(minor));
  }

  /** The newest there is of a minor version, added to the catalogue. */
  private static String release(String minor) {
    String version = Releases.require(minor).version().toString();
    List<String> known =
        Proof.objects(fleet.json("release", "list").getJsonArray("releases")).stream()
            .map(r -> r.getString("version"))
            .toList();
    if (!known.contains(version)) {
      fleet.addRelease(version);
    }
    return version;
  }
}
