package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.quorate.lab.Releases;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A cluster of five and one of three, through every kind of change that restarts their members,
 * under a client that writes a hundred times a second: no write fails, none takes longer than a
 * second, all that was acknowledged is there and nothing else.
 */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UnnoticedTest {
  private static final String SETTINGS =
      "{snapshot-count: 50000, warning-apply-duration: 150ms,"
          + " experimental-compact-hash-check-enabled: true}";

  private static Lab lab;
  private static Fleet fleet;
  private static ClusterFile file;

  @BeforeAll
  static void up() {
    lab = Lab.up(5);
    fleet = Fleet.start(lab);
    fleet.join(lab.hosts());
    fleet.addRelease("3.4.23");
    fleet.addRelease("3.5.16");
    fleet.addRelease("3.5.30");
    file = ClusterFile.of("five", "3.4.23", lab.hosts());
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
  void fiveMembersUpByAMinorVersion() {
    Ran plan = fleet.quorate("plan", "-f", fleet.write(to("3.5.30")).toString(), "-o", "wide");
    assertTrue(
        plan.out().contains("point of no return: only a snapshot leads back to 3.4"), plan::out);
    unnoticed("3.4.23 -> 3.5.30", to("3.5.30"));
    assertEquals(1, Rollouts.steps(fleet, file, "MoveLeader").size());
    Ran refused = fleet.apply(to("3.4.23"));
    assertNotEquals(0, refused.exit(), refused::out);
    assertTrue(refused.err().contains("Q3205"), refused::err);
    fleet.delete("five").orThrow();
  }

  @Test
  @Order(2)
  void backByPatchesUnderAClientThatNeverRetries() {
    file = ClusterFile.of("three", "3.5.30", lab.hosts().subList(0, 3));
    Proof.succeeded(fleet.apply(file));
    ClusterFile next = to("3.5.16");
    Proof.Written careless =
        Proof.Written.during(fleet, file, false, () -> Proof.succeeded(fleet.apply(next)));
    file = next;
    Proof.careless("3.5.30 -> 3.5.16", careless);
    Proof.healthy(fleet, file);
  }

  @Test
  @Order(3)
  void upByPatches() {
    unnoticed("3.5.16 -> 3.5.30", to("3.5.30"));
    assertEquals(1, Rollouts.steps(fleet, file, "MoveLeader").size());
  }

  @Test
  @Order(4)
  void aSetting() {
    SortedMap<String, String> before = Processes.of(file);
    unnoticed("settings", file.with("etcd", SETTINGS));
    assertEquals(3, Processes.restarted(before, Processes.of(file)));
  }

  @Test
  @Order(5)
  void upTo36AndDownByEtcdsOwnProcedure() {
    assumeTrue(Releases.find("3.6").isPresent(), Releases.missing("3.6"));
    String newer = Releases.require("3.6").version().toString();
    fleet.addRelease(newer);
    Ran refused = fleet.apply(to(newer));
    assertNotEquals(0, refused.exit(), refused::out);
    assertTrue(refused.err().contains("Q3207"), refused::err);

    unnoticed("3.5.30 -> 3.6", to(newer), "--accept", "version.path");
    assertTrue(fleet.quorate("audit", "-o", "wide").orThrow().contains("accept=version.path"));
    // The same two settings under the names that each version has for them.
    for (LabHost host : file.hosts()) {
      String written = host.run("cat", "/etc/etcd/three/etcd.yaml").orThrow();
      assertTrue(written.contains("\nwarning-apply-duration: 150000000"), written);
      assertTrue(written.contains("CompactHashCheck=true"), written);
    }
    unnoticed("3.6 -> 3.5.30", to("3.5.30"));
    for (LabHost host : file.hosts()) {
      String written = host.run("cat", "/etc/etcd/three/etcd.yaml").orThrow();
      assertTrue(written.contains("experimental-warning-apply-duration: 150000000"), written);
    }
  }

  private static ClusterFile to(String version) {
    return file.withVersion(version);
  }

  private static void unnoticed(String what, ClusterFile next, String... more) {
    Proof.Written written =
        Proof.Written.during(fleet, file, true, () -> Proof.succeeded(fleet.applyWith(next, more)));
    file = next;
    Proof.unnoticed(what, written);
    Proof.healthy(fleet, file);
    Rollouts.print(fleet, file);
  }
}
