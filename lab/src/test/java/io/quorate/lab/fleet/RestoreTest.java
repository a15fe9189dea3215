package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.vertx.core.json.JsonObject;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Every way back to a snapshot, and what must not be one. */
@Tag("lab")
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestoreTest {
  /** Made without etcdctl and etcdutl. */
  private static final String BARE = "3.6.15";

  private static Lab lab;
  private static Fleet fleet;
  private static ClusterFile prod;
  private static Content content;
  private static JsonObject saved;

  @BeforeAll
  static void up() {
    fleet = Fleet.up(4, "3.5.30", BARE);
    lab = fleet.lab();
    prod =
        ClusterFile.of("prod", "3.5.30", lab.hosts().subList(0, 3))
            .with("backup", "{every: never}");
    Proof.succeeded(fleet.apply(prod));
    Proof.healthy(fleet, prod);
    content = Content.written(fleet, prod, "before-", Duration.ofSeconds(3));
    saved = fleet.json("snapshot", "save", "prod");
    fleet.etcdctl(prod, "put", "after", "the snapshot").orThrow();
  }

  @AfterAll
  static void down() {
    fleet.down();
  }

  @Test
  @Order(1)
  void nothingIsTouchedWithoutTheClustersName() {
    List<String> before = Content.processes(prod.hosts(), "prod");
    String id = saved.getString("id");
    Content.refused("Q1312", fleet.quorate("snapshot", "restore", "prod", id, "--confirm=dev"));
    Content.refused(
        "Q3503", fleet.quorate("snapshot", "restore", "prod", "snap-0", "--confirm=prod"));
    assertEquals(before, Content.processes(prod.hosts(), "prod"));
  }

  @Test
  @Order(3)
  void replacesARunningClusterAndKeepsItsDataAside() {
    fleet.etcdctl(prod, "put", "after", "the restore").orThrow();
    restore("prod", saved);
    Proof.healthy(fleet, prod);
    content.isIn(fleet, prod);
    assertEquals("", fleet.etcdctl(prod, "get", "after").orThrow());
    for (LabHost host : prod.hosts()) {
      assertTrue(
          host.run("sh", "-c", "ls -d /var/lib/etcd/prod.set-aside-*").succeeded(), host::name);
    }
  }

  @Test
  @Order(4)
  void anInterruptedRestoreGoesOn() {
    new Deaths(fleet)
        .ofARestore(
            prod,
            saved.getString("id"),
            List.of("before-seed", "after-place-data", "after-set-aside-wal"));
    content.isIn(fleet, prod);
  }

  @Test
  @Order(5)
  void laysItDownInAnotherClusterOnlyWhenThatIsAccepted() {
    ClusterFile other =
        ClusterFile.of("other", "3.5.30", List.of(lab.host(4)))
            .with("backup", "{every: never}")
            .withClientPort(2479);
    Proof.succeeded(fleet.apply(other));
    String id = saved.getString("id");
    Content.refused("Q3502", fleet.quorate("snapshot", "restore", "other", id, "--confirm=other"));
    Proof.succeeded(
        fleet.quorate(
            "snapshot", "restore", "other", id, "--confirm=other", "--accept", "other-cluster"));
    Proof.healthy(fleet, other);
    content.isIn(fleet, other);
    assertNotEquals(Content.clusterId(fleet, prod), Content.clusterId(fleet, other));
  }

  /** On a disk that has room for etcd and its log, and for little else. */
  @Test
  @Order(6)
  void whatCannotBeLaidDownIsRefusedBeforeAnythingIsStopped() throws Exception {
    LabHost host = lab.host(4);
    host.run("mkdir", "-p", "/srv/small").orThrow();
    host.run("mount", "-t", "tmpfs", "-o", "size=220m,mode=0755", "tmpfs", "/srv/small").orThrow();
    ClusterFile small =
        ClusterFile.of("small", "3.5.30", List.of(host))
            .with("backup", "{every: never}")
            .with("paths", "{data: /srv/small/data, wal: /srv/small/wal}")
            .withClientPort(2579);
    ClusterFile bare =
        ClusterFile.of("bare", BARE, List.of(host))
            .with("backup", "{every: never}")
            .withClientPort(2679);
    String[] crowded = {"--ignore", "space.data", "--ignore", "space.wal"};
    Proof.succeeded(fleet.applyWith(small, crowded));
    Proof.succeeded(fleet.apply(bare));
    Proof.healthy(fleet, small);
    Proof.healthy(fleet, bare);
    fleet.fill(prod, 60);
    JsonObject large = fleet.json("snapshot", "save", "prod");
    List<String> before = processes(host);
    refused("Q2014", "small", large.getString("id"));
    refused("Q3508", "bare", saved.getString("id"));
    Path file = SnapshotFiles.readable(fleet, saved);
    JsonObject same =
        fleet.json("snapshot", "add", "bare", file.toString(), "--etcd-version", BARE);
    refused("Q2021", "bare", same.getString("id"));
    try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
      cut.truncate(Files.size(file) - 4096);
    }
    refused("Q3501", "small", saved.getString("id"));
    assertEquals(before, processes(host));
    Proof.healthy(fleet, small);
    Proof.healthy(fleet, bare);
  }

  private static List<String> processes(LabHost host) {
    return List.of("small", "bare").stream()
        .map(c -> host.run("systemctl", "show", "-P", "MainPID", "etcd@" + c).orThrow())
        .toList();
  }

  private static void refused(String code, String cluster, String snapshot) {
    Content.refused(
        code,
        fleet.quorate(
            "snapshot",
            "restore",
            cluster,
            snapshot,
            "--confirm=" + cluster,
            "--accept",
            "other-cluster"));
  }

  private static void restore(String cluster, JsonObject snapshot) {
    Proof.succeeded(
        fleet.quorate(
            "snapshot", "restore", cluster, snapshot.getString("id"), "--confirm=" + cluster));
  }
}
