package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A cluster's data: saved, proved, lost altogether and brought back, and begun anew from a disk.
 */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DataTest {
  private static final String VERSION = "3.5.30";
  private static final long BUMP = 1_000_000_000L;

  private static Fleet fleet;
  private static ClusterFile prod;
  private static Content content;
  private static JsonObject saved = new JsonObject();

  @BeforeAll
  static void up() {
    fleet = Fleet.up(3, VERSION);
    prod = ClusterFile.of("prod", VERSION, fleet.lab().hosts()).with("backup", "{every: never}");
    Proof.succeeded(fleet.apply(prod));
    Proof.healthy(fleet, prod);
    content = Content.written(fleet, prod, "data-", Duration.ofSeconds(2));
  }

  @AfterAll
  static void down() {
    fleet.down();
  }

  @Test
  @Order(1)
  void savesFromAFollowerAndKnowsWhatItHas() throws Exception {
    long revision = Content.revision(fleet, prod);
    saved = fleet.json("snapshot", "save", "prod");
    fleet.etcdctl(prod, "put", "after", "the snapshot").orThrow();
    assertEquals(revision, saved.getLong("revision"));
    assertEquals(VERSION, saved.getString("etcdVersion"));
    assertFalse(saved.getString("member").equals(MemberProof.leader(fleet, "prod")), saved::encode);
    Path file = SnapshotFiles.readable(fleet, saved);
    assertEquals(saved.getLong("sizeBytes"), Files.size(file));
    assertEquals(saved.getString("sha256"), SnapshotFiles.sha256(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  @Order(2)
  void aDrillRestoresItWhereItIsAsked() {
    LabHost host = fleet.lab().host(3);
    List<String> before = Content.processes(prod.hosts(), "prod");
    JsonObject drilled =
        fleet.json(
            "snapshot", "verify", "prod", saved.getString("id"), "--drill", "--host", host.name());
    assertTrue(drilled.getDouble("drillSeconds") > 0, drilled::encode);
    assertEquals(before, Content.processes(prod.hosts(), "prod"));
    SnapshotFiles.nothingIsLeft(host);
  }

  /** Its hash is right, and what it is the hash of is no database any more. */
  @Test
  @Order(3)
  void aDrillFindsWhatNoHashCan() throws Exception {
    Path broken = fleet.data().resolveSibling("broken.db");
    SnapshotFiles.breakInside(SnapshotFiles.readable(fleet, saved), broken);
    JsonObject added = fleet.json("snapshot", "add", "prod", broken.toString());
    String id = added.getString("id");
    Proof.succeeded(fleet.quorate("snapshot", "verify", "prod", id));
    List<String> before = Content.processes(prod.hosts(), "prod");
    Ran drill = fleet.quorate("snapshot", "verify", "prod", id, "--drill", "--host", "h2");
    assertTrue(drill.exit() != 0, drill::out);
    assertTrue(drill.err().contains("Q3501") || drill.err().contains("Q3505"), drill::err);
    assertEquals(before, Content.processes(prod.hosts(), "prod"));
    SnapshotFiles.nothingIsLeft(fleet.lab().host(2));
  }

  @Test
  @Order(4)
  void oneAlteredBitIsNoticedBeforeAnythingIsDone() throws Exception {
    String id = saved.getString("id");
    SnapshotFiles.flip(SnapshotFiles.readable(fleet, saved));
    List<String> before = Content.processes(prod.hosts(), "prod");
    Content.refused("Q3501", fleet.quorate("snapshot", "verify", "prod", id));
    Content.refused("Q3501", fleet.quorate("snapshot", "verify", "prod", id, "--drill"));
    Content.refused("Q3501", fleet.quorate("snapshot", "restore", "prod", id, "--confirm=prod"));
    assertEquals(before, Content.processes(prod.hosts(), "prod"));
    content.isIn(fleet, prod);
    SnapshotFiles.flip(SnapshotFiles.readable(fleet, saved));
    Proof.succeeded(fleet.quorate("snapshot", "verify", "prod", id));
  }

  @Test
  @Order(5)
  void comesBackAfterAllDataWasDeletedWhoeverDiesMeanwhile() {
    String id = Content.clusterId(fleet, prod);
    for (LabHost host : prod.hosts()) {
      host.run("systemctl", "kill", "--signal=KILL", "etcd@prod").orThrow();
      host.run("sh", "-c", "rm -rf /var/lib/etcd/prod /var/lib/etcd/prod-wal").orThrow();
    }
    new Deaths(fleet)
        .ofARestore(
            prod,
            saved.getString("id"),
            List.of("before-seed", "after-place-data", "before-start"));
    content.isIn(fleet, prod);
    MemberProof.same(fleet, prod);
    assertEquals("", fleet.etcdctl(prod, "get", "after").orThrow());
    assertNotEquals(id, Content.clusterId(fleet, prod));
    assertTrue(Content.revision(fleet, prod) >= saved.getLong("revision") + BUMP);
    for (LabHost host : prod.hosts()) {
      assertEquals("700 etcd", host.run("stat", "-c", "%a %U", "/var/lib/etcd/prod").orThrow());
    }
  }

  /** One node's data, with a log that its database may not have, grows to three members. */
  @Test
  @Order(6)
  void aDataDirectoryBecomesAClusterOfThree() {
    fleet.etcdctl(prod, "put", "last", "words").orThrow();
    // A member writes down that an entry is committed with the next one.
    for (int more = 0; more < 3; more++) {
      fleet.etcdctl(prod, "put", "after", "words").orThrow();
    }
    LabHost host = fleet.lab().host(1);
    host.run("systemctl", "kill", "--signal=KILL", "etcd@prod").orThrow();
    fleet.delete("prod").orThrow();
    String data = newest(host, "/var/lib/etcd/prod.set-aside-*");
    String wal = newest(host, "/var/lib/etcd/prod-wal.set-aside-*");
    JsonObject made =
        fleet.json(
            "snapshot",
            "add",
            "next",
            "--host",
            host.name(),
            "--data",
            data,
            "--wal",
            wal,
            "--etcd-version",
            VERSION);
    ClusterFile next =
        ClusterFile.of("next", VERSION, fleet.lab().hosts()).with("backup", "{every: never}");
    Proof.succeeded(
        fleet.quorate(
            "apply", "-f", fleet.write(next).toString(), "--yes", "--seed", made.getString("id")));
    Proof.healthy(fleet, next);
    content.isIn(fleet, next);
    assertEquals("last\nwords", fleet.etcdctl(next, "get", "last").orThrow());
    MemberProof.same(fleet, next);
  }

  private static String newest(LabHost host, String pattern) {
    return host.run("sh", "-c", "ls -dt %s | head -n 1".formatted(pattern)).orThrow();
  }
}
