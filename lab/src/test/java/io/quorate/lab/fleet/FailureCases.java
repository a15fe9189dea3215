package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.lab.BrokenRelease;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A member that does not come back, and what its rollout does then. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class FailureCases {
  private final Trial trial;
  private final Fleet fleet;

  FailureCases(Trial trial) {
    this.trial = trial;
    this.fleet = trial.fleet();
  }

  @Test
  @Order(1)
  void aReleaseThatEndsAtOnceStopsTheRolloutAtItsFirstMember() {
    assumeTrue(BrokenRelease.runsHere(), "the broken release is made for amd64 only");
    SortedMap<String, String> before = trial.invocations();
    long began = Trial.now(trial.host(1));
    Ran applied = fleet.apply(trial.base().withVersion(FaultsTest.BROKEN));
    Trial.said(applied, 1, "Q2023", "nobody speaks", "exit code 1", "quorate logs faults");

    List<LabHost> touched = trial.touched(before);
    assertEquals(1, touched.size(), touched::toString);
    LabHost failed = touched.getFirst();
    JsonObject status = trial.status();
    assertEquals("degraded", status.getString("health"));
    assertTrue(trial.codes("findings", status).contains("Q2023"), status::encode);
    assertEquals("down", trial.member(failed).getString("state"));
    JsonObject rollout = trial.rollout();
    assertEquals("failed", rollout.getString("state"));
    assertEquals(List.of("Q2023"), trial.codes("holds", rollout));
    assertTrue(rollout.getJsonObject("progress").getString("waitingSince") != null);
    assertTrue(trial.events().contains("Q2023"), trial::events);

    // The service manager gave up, and nobody began another round at once.
    trial.await(
        "the unit is given up", () -> trial.property(failed, "ActiveState").equals("failed"));
    assertTrue(trial.starts(failed, began) <= 6, () -> "" + trial.starts(failed, began));

    fleet.quorate("rollout", "abort", "faults", "--back").orThrow();
    trial.settled(trial.base());
    assertEquals(
        List.of(failed), trial.touched(before), "the others were left alone on the way back");
    assertEquals("aborted", states().get(1));
  }

  @Test
  @Order(2)
  void itGoesBackByItselfWhereItsOwnerSaidSo() {
    assumeTrue(BrokenRelease.runsHere(), "the broken release is made for amd64 only");
    SortedMap<String, String> before = trial.invocations();
    ClusterFile orBack =
        trial.base().with("rollout", "{soak: 0s, memberDeadline: 15s, onFailure: rollback}");
    Ran applied = fleet.apply(orBack.withVersion(FaultsTest.BROKEN));
    Trial.said(applied, 1, "nobody speaks", "goes back");
    trial.settled(trial.base());
    assertEquals(1, trial.touched(before).size());
    assertEquals(List.of("done", "failed"), states().subList(0, 2));
    assertTrue(trial.events().contains("go back to the previous revision"), trial::events);
  }

  @Test
  @Order(3)
  @Tag("soak")
  void aSettingThatEtcdRefusesIsNamedAndMendedByApplyingAnother() {
    SortedMap<String, String> before = trial.invocations();
    ClusterFile wrong =
        trial
            .base()
            .with("etcd", "{auth-token: 'jwt,pub-key=/nonexistent/key.pem,sign-method=RS256'}");
    Trial.said(fleet.apply(wrong), 1, "Q3301", "auth-token", "invalid auth options");
    assertEquals(1, trial.touched(before).size());
    trial.reach(trial.base());
    assertEquals(1, trial.touched(before).size());
  }

  @Test
  @Order(4)
  void aFullDiskStopsItBeforeAnybodyIsStopped() {
    LabHost small = trial.host(2);
    String filler = "/usr/local/filler";
    // All but what the directory entries need.
    small.run("sh", "-c", "dd if=/dev/zero of=%s bs=1M; true".formatted(filler)).orThrow();
    SortedMap<String, String> before = trial.invocations();
    Ran applied = fleet.apply(trial.base().withVersion("3.5.30"));
    Trial.said(applied, 1, "Q2014", "etcd-h2 on h2", "free space");
    assertEquals(List.of(), trial.touched(before));

    small.run("rm", filler).orThrow();
    fleet.quorate("rollout", "resume", "faults").orThrow();
    trial.settled(trial.base().withVersion("3.5.30"));
  }

  @Test
  @Order(5)
  void aReleaseThatWasAlteredOnAHostIsNotRun() {
    LabHost host = trial.host(3);
    String altered = "/usr/local/etcd-v3.5.16-linux-amd64/etcd";
    String whole = host.run("sha256sum", altered).orThrow().substring(0, 64);
    host.run("sh", "-c", "echo altered >> " + altered).orThrow();
    trial.reach(trial.base());
    String runs =
        host.run("sh", "-c", "sha256sum /proc/%s/exe".formatted(trial.property(host, "MainPID")))
            .orThrow();
    assertEquals(whole, runs.substring(0, 64));
  }

  @Test
  @Order(6)
  @Tag("soak")
  void aReleaseThatWasDamagedAtTheCoordinatorReachesNoMember() throws IOException {
    assumeTrue(BrokenRelease.runsHere(), "the broken release is made for amd64 only");
    String version = "3.5.32";
    Path archive = BrokenRelease.make(trial.lab().directory(), version, "unheard");
    fleet.quorate("release", "add", archive.toString()).orThrow();
    damage(archive);
    SortedMap<String, String> before = trial.invocations();
    Trial.said(fleet.apply(trial.base().withVersion(version)), 1, "Q2015", version);
    assertEquals(List.of(), trial.touched(before));
    fleet.quorate("rollout", "abort", "faults", "--back").orThrow();
    trial.settled(trial.base());
    assertEquals(List.of(), trial.touched(before));
  }

  @Test
  @Order(7)
  void aDiskThatFillsUpInMidRolloutStopsItBeforeTheNextMember() {
    LabHost full = trial.host(3);
    String filler = "/var/lib/etcd/filler";
    SortedMap<String, String> before = trial.invocations();
    ClusterFile next = trial.base().with("etcd", "{snapshot-count: 40000}");
    Proof.succeeded(fleet.applyWith(next, new String[] {"--detach", "--limit", "etcd-h1"}));
    trial.await("the first is changed", () -> trial.holds("Q3017"));
    full.run("sh", "-c", "dd if=/dev/zero of=%s bs=1M; true".formatted(filler)).orThrow();
    trial.await("its host says so", () -> freeBytes(full) < 1 << 20);
    Proof.succeeded(fleet.applyWith(next, new String[] {"--detach"}));
    trial.await(
        "it waits for room",
        () -> trial.holds("Q2014") || trial.rollout().encode().contains("disk is full"));
    assertTrue(trial.rollout().encode().contains("h3"), trial::picture);
    assertEquals(List.of(trial.host(1)), trial.ours(before), "only the first was changed");

    full.run("rm", filler).orThrow();
    trial.await(
        "it goes on",
        () -> {
          if (trial.rollout().getString("state").equals("failed")) {
            fleet.quorate("rollout", "resume", "faults").orThrow();
          }
          return trial.reached();
        });
    trial.settled(next);
    trial.reach(trial.base());
  }

  private long freeBytes(LabHost host) {
    return Trial.objects(fleet.json("host", "describe", host.name()).getJsonArray("disks")).stream()
        .filter(d -> d.getString("path").startsWith("/var/lib/etcd"))
        .mapToLong(d -> d.getJsonObject("space").getLong("freeBytes"))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** Turns a bit of it where the coordinator keeps it. */
  private void damage(Path archive) throws IOException {
    byte[] content = Files.readAllBytes(archive);
    List<Path> kept = new ArrayList<>();
    try (Stream<Path> files = Files.walk(fleet.data().resolve("blobs"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.size(file) == content.length
            && java.util.Arrays.equals(Files.readAllBytes(file), content)) {
          kept.add(file);
        }
      }
    }
    assertEquals(1, kept.size(), kept::toString);
    byte[] damaged = content.clone();
    damaged[damaged.length / 2] = (byte) (damaged[damaged.length / 2] ^ 1);
    assertFalse(java.util.Arrays.equals(content, damaged));
    Path file = kept.getFirst();
    assertTrue(file.toFile().setWritable(true));
    Files.write(file, damaged);
  }

  /** Of the rollouts, newest first. */
  private List<String> states() {
    List<String> states =
        Trial.objects(fleet.json("rollout", "history", "faults").getJsonArray("rollouts")).stream()
            .map(r -> r.getString("state"))
            .toList();
    assertNotEquals(List.of(), states);
    return states;
  }
}
