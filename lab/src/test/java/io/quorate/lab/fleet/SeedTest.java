package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.quorate.lab.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One node's data, as a snapshot from anywhere, becomes a new cluster of three. */
@Tag("lab")
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SeedTest {
  private static final String VERSION = "3.5.30";

  private static Fleet fleet;
  private static ClusterFile old;
  private static Content content;
  private static Path snapshot;
  private static String oldId;

  @BeforeAll
  static void up() {
    fleet = Fleet.up(3, VERSION);
    old =
        ClusterFile.of("old", VERSION, List.of(fleet.lab().host(1)))
            .with("backup", "{every: never}");
    Proof.succeeded(fleet.apply(old));
    Proof.healthy(fleet, old);
    content = Content.written(fleet, old, "old-", Duration.ofSeconds(2));
    oldId = Content.clusterId(fleet, old);
    snapshot = fleet.data().resolveSibling("by-hand.db");
    fleet.etcdctl(old, "snapshot", "save", snapshot.toString()).orThrow();
  }

  @AfterAll
  static void down() {
    fleet.down();
  }

  @Test
  @Order(1)
  void whatIsNoSeedIsRefused() throws Exception {
    ClusterFile wanted = cluster("none", 2479);
    Path text = Files.writeString(fleet.data().resolveSibling("text"), "no database\n");
    Content.refused("Q3501", seeded(wanted, text.toString()));
    Content.refused("Q3501", seeded(wanted, text.toString(), "--skip-hash-check"));
    Path cut = fleet.data().resolveSibling("cut.db");
    byte[] whole = Files.readAllBytes(snapshot);
    Files.write(cut, java.util.Arrays.copyOf(whole, whole.length - 4096));
    Content.refused("Q3501", seeded(wanted, cut.toString()));
    Content.refused("Q1404", seeded(wanted, fleet.data().toString()));
    Content.refused("Q3503", seeded(wanted, "snap-0"));
    Content.refused(
        "Q1304",
        seeded(old.with("rollout", "{soak: 1s, maximumFsyncP99: 30s}"), snapshot.toString()));
    Content.refused(
        "Q3510",
        add("none", "--host", "h1", "--data", "/var/lib/etcd/old", "--etcd-version=3.5.30"));
    Proof.healthy(fleet, old);
  }

  @Test
  @Order(2)
  void aSnapshotFileBecomesAClusterOfThree() {
    ClusterFile wanted = cluster("first", 2479);
    Proof.succeeded(seeded(wanted, snapshot.toString()));
    Proof.healthy(fleet, wanted);
    content.isIn(fleet, wanted);
    MemberProof.same(fleet, wanted);
    assertNotEquals(oldId, Content.clusterId(fleet, wanted));
    content.isIn(fleet, old);
    fleet.delete("first").orThrow();
  }

  private static ClusterFile cluster(String name, int port) {
    return ClusterFile.of(name, VERSION, fleet.lab().hosts())
        .with("backup", "{every: never}")
        .withClientPort(port);
  }

  private static Ran add(String cluster, String... more) {
    List<String> words = new ArrayList<>(List.of("snapshot", "add", cluster));
    words.addAll(List.of(more));
    return fleet.quorate(words.toArray(String[]::new));
  }

  private static Ran seeded(ClusterFile file, String seed, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("apply", "-f", fleet.write(file).toString(), "--yes", "--seed", seed));
    words.addAll(List.of(more));
    return fleet.quorate(words.toArray(String[]::new));
  }
}
