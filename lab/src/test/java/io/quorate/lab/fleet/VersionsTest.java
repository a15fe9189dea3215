package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.quorate.lab.Releases;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Long ways through etcd's minor versions, and back from the middle of them, with the real programs
 * and a client that writes.
 */
@Tag("lab")
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VersionsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String SLOW = "{soak: 30s, maximumFsyncP99: 30s}";
  private static final String QUICK = "{soak: 0s, maximumFsyncP99: 30s}";

  private static Lab lab;
  private static Fleet fleet;
  private static ClusterFile file;

  @BeforeAll
  static void up() {
    assume("3.6");
    lab = Lab.up(3);
    fleet = Fleet.start(lab);
    fleet.join(lab.hosts());
    fleet.addRelease("3.4.23");
    file = ClusterFile.of("way", "3.4.23", lab.hosts());
    Proof.succeeded(fleet.apply(file));
    Proof.healthy(fleet, file);
  }

  @AfterAll
  static void down() {
    if (lab != null) {
      try (Lab closing = lab) {
        fleet.close();
        assertTrue(closing.hosts().size() > 0);
      }
    }
  }

  @Test
  @Order(1)
  void withAuthenticationEnabledThereIsNoRollingWayFrom34To35() {
    fleet.addRelease("3.5.30");
    fleet.etcdctl(file, "user", "add", "root:secret").orThrow();
    for (String user : List.of("quorate-coordinator", "quorate-agent")) {
      fleet.etcdctl(file, "user", "add", user, "--no-password").orThrow();
      fleet.etcdctl(file, "user", "grant-role", user, "root").orThrow();
    }
    fleet.etcdctl(file, "auth", "enable").orThrow();
    try {
      Ran refused = refused(file.withVersion("3.5.30"), "Q3207");
      assertTrue(refused.err().contains("authentication"), refused::err);
    } finally {
      fleet.etcdctl(file, "--user=root:secret", "auth", "disable").orThrow();
    }
    fleet.quorate("release", "remove", "3.5.30", "-y").orThrow();
  }

  /** Over 3.5, which every member runs before any takes 3.6. */
  @Test
  @Order(2)
  void aChainOfTwoMinorVersionsIsOneChange() {
    ClusterFile next = file.withVersion(release("3.6"));
    // What was asked about authentication is remembered for some seconds.
    Await.until("authentication is off", PATIENCE, () -> !plan(next).contains("Q3207"), () -> "");
    Ran refused = refused(next, "Q3203");
    assertTrue(refused.err().contains("quorate release add"), refused::err);
    fleet.addRelease("3.5.30");
    refused(next, "Q3207");

    Proof.Written written =
        Proof.Written.during(
            fleet,
            file,
            true,
            () -> {
              begin(next, "--accept", "version.path");
              awaitVersion(next.version());
              assertTrue(
                  versions().stream().noneMatch(v -> v.startsWith("3.4.")), versions()::toString);
              // There is no way back to 3.4 by now, but by a snapshot.
              fleet.quorate("rollout", "pause", "way").orThrow();
              Ran back = fleet.quorate("rollout", "abort", "way", "--back");
              Trial.said(back, back.exit(), "Q3206", "quorate rollout resume", "snapshot restore");
              assertNotEquals(0, back.exit());
              assertTrue(!back.err().contains("own procedure"), back::err);
              fleet.quorate("rollout", "resume", "way").orThrow();
              awaitDone();
            });
    file = next;
    Proof.unnoticed("3.4.23 -> 3.5.30 -> 3.6", written);
    Proof.healthy(fleet, file);
    Rollouts.print(fleet, file);
  }

  @Test
  @Order(3)
  void aDowngradeIsCancelledHalfWay() {
    begin(file.withVersion("3.5.30").with("rollout", SLOW));
    awaitHold("Q3005");
    fleet.quorate("rollout", "abort", "way", "--back").orThrow();
    awaitDone();
    Proof.healthy(fleet, file);
    assertEquals(
        "cancel the downgrade to 3.5",
        Rollouts.steps(fleet, file, "Downgrade").getLast().getString("text"));
  }

  @Test
  @Order(4)
  void beforeThePointOfNoReturnTheReleaseIsExchangedBack() {
    String newer = file.version();
    file = file.withVersion("3.5.30").with("rollout", QUICK).with("etcd", "{snapshot-count: 100}");
    Proof.unnoticed("3.6 -> 3.5.30", written(file));
    SortedMap<String, String> before = Processes.of(file);
    Proof.Written back =
        Proof.Written.during(
            fleet,
            file,
            true,
            () -> {
              begin(file.withVersion(newer).with("rollout", SLOW), "--accept", "version.path");
              awaitVersion(newer); // it soaks before the first one as well
              awaitHold("Q3005");
              fleet.quorate("rollout", "abort", "way", "--back").orThrow();
              awaitDone();
            });
    Proof.unnoticed("3.5.30 -> 3.6, back from the first member", back);
    Proof.healthy(fleet, file);
    assertEquals(1, Processes.restarted(before, Processes.of(file)));
  }

  /** A snapshot of 3.6 in its log lets 3.7 start: with so few entries there is one in no time. */
  @Test
  @Order(5)
  void pastThePointOfNoReturnTheOtherWaysAreNamed() {
    assume("3.7");
    ClusterFile next = file.withVersion(release("3.7"));
    Proof.Written written =
        Proof.Written.during(
            fleet,
            file,
            true,
            () -> {
              begin(next, "--accept", "version.path");
              awaitVersion(next.version());
              fleet.quorate("rollout", "pause", "way").orThrow();
              Ran back = fleet.quorate("rollout", "abort", "way", "--back");
              Trial.said(back, back.exit(), "Q3206", "own procedure: version: 3.5.30");
              assertNotEquals(0, back.exit());
              fleet.quorate("rollout", "resume", "way").orThrow();
              awaitDone();
            });
    file = next;
    Proof.unnoticed("3.5.30 -> 3.6 -> 3.7", written);
    Proof.healthy(fleet, file);
    file = file.withVersion(Releases.require("3.6").version().toString());
    Proof.unnoticed("3.7 -> 3.6", written(file));
    Proof.healthy(fleet, file);
  }

  private static Proof.Written written(ClusterFile next) {
    return Proof.Written.during(fleet, next, true, () -> Proof.succeeded(fleet.apply(next)));
  }

  private static void begin(ClusterFile next, String... more) {
    Proof.succeeded(fleet.applyWith(next, more, "--detach"));
  }

  private static void awaitVersion(String version) {
    await("a member is on " + version, () -> versions().contains(version));
  }

  private static void awaitHold(String code) {
    await("it waits for " + code, () -> status().getJsonArray("holds").encode().contains(code));
  }

  private static void awaitDone() {
    await("it is done", () -> status().getString("state").equals("done"));
  }

  private static void await(String what, java.util.function.BooleanSupplier condition) {
    Await.until(what, PATIENCE, condition, () -> Proof.rollout(fleet, file));
  }

  private static JsonObject status() {
    return fleet.json("rollout", "status", "way");
  }

  private static List<String> versions() {
    return Proof.objects(fleet.status("way").getJsonArray("members")).stream()
        .map(m -> m.getString("etcdVersion"))
        .distinct()
        .toList();
  }

  private static Ran refused(ClusterFile next, String code) {
    List<String> before = lab.hosts().stream().map(VersionsTest::process).toList();
    Ran refused = fleet.apply(next);
    assertNotEquals(0, refused.exit(), refused::out);
    assertTrue(refused.err().contains(code), refused::err);
    assertEquals(before, lab.hosts().stream().map(VersionsTest::process).toList());
    return refused;
  }

  private static String process(LabHost host) {
    return host.run("systemctl", "show", "-P", "MainPID", "etcd@way").orThrow();
  }

  private static String plan(ClusterFile next) {
    Ran planned = fleet.quorate("plan", "-f", fleet.write(next).toString(), "-o", "wide");
    return planned.out() + planned.err();
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
