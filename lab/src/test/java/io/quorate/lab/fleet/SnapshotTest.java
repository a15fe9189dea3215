package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Snapshots are what they say they are, come by themselves, and can be restored. */
@Tag("lab")
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SnapshotTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SCRATCH = "/var/lib/quorate-agent/scratch";

  private static Lab lab;
  private static Fleet fleet;
  private static ClusterFile prod;
  private static Content content;

  @BeforeAll
  static void up() {
    lab = Lab.up(3);
    fleet = Fleet.start(lab);
    fleet.join(lab.hosts());
    fleet.addRelease("3.5.30");
    prod = ClusterFile.of("prod", "3.5.30", lab.hosts()).with("backup", "{every: 1m, keep: 3}");
    Proof.succeeded(fleet.apply(prod));
    Proof.healthy(fleet, prod);
    content = Content.written(fleet, prod, "snapshot-", Duration.ofSeconds(3));
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
  void savesFromAFollowerAndKnowsWhatItHas() throws Exception {
    long revision = Content.revision(fleet, prod);
    JsonObject saved = fleet.json("snapshot", "save", "prod");
    assertEquals(revision, saved.getLong("revision"));
    assertEquals("3.5.30", saved.getString("etcdVersion"));
    assertFalse(saved.getString("member").equals(leader()), saved::encode);
    Path file = readable(saved);
    assertEquals(saved.getLong("sizeBytes"), Files.size(file));
    assertEquals(
        saved.getString("sha256"),
        lab.run(PATIENCE, "sha256sum", file.toString()).out().substring(0, 64));
    assertEquals(
        "rw-------",
        java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Proof.succeeded(fleet.quorate("snapshot", "verify", "prod", saved.getString("id")));
  }

  @Test
  @Order(2)
  void aDrillRestoresItWhereItIsAsked() {
    LabHost host = lab.host(3);
    List<String> before = Content.processes(lab.hosts(), "prod");
    String id = Content.newest(fleet, "prod").getString("id");
    JsonObject drilled =
        fleet.json("snapshot", "verify", "prod", id, "--drill", "--host", host.name());
    assertTrue(drilled.getDouble("drillSeconds") > 0, drilled::encode);
    assertEquals(before, Content.processes(lab.hosts(), "prod"));
    assertEquals("1", host.run("pgrep", "-c", "-x", "etcd").orThrow());
    assertEquals("", host.run("ls", "-A", SCRATCH).orThrow());
  }

  @Test
  @Order(3)
  void oneAlteredBitIsNoticedBeforeAnythingIsDone() throws Exception {
    JsonObject saved = Content.newest(fleet, "prod");
    String id = saved.getString("id");
    flip(readable(saved));
    List<String> before = Content.processes(lab.hosts(), "prod");
    Content.refused("Q3501", fleet.quorate("snapshot", "verify", "prod", id));
    Content.refused("Q3501", fleet.quorate("snapshot", "verify", "prod", id, "--drill"));
    Content.refused("Q3501", fleet.quorate("snapshot", "restore", "prod", id, "--confirm=prod"));
    assertEquals(before, Content.processes(lab.hosts(), "prod"));
    content.isIn(fleet, prod);
    flip(readable(saved));
    Proof.succeeded(fleet.quorate("snapshot", "verify", "prod", id));
  }

  @Test
  @Order(4)
  void anInterruptedSaveGoesOnAndLeavesNoHalfFile() throws Exception {
    LabHost source = host(fleet.json("snapshot", "save", "prod").getString("member"));
    List<String> points = List.of("after-save-snapshot", "before-upload", "after-upload");
    fleet.agent(source).crashAt(points);
    fleet.awaitConnected(List.of(source));
    Proof.succeeded(fleet.quorate("snapshot", "save", "prod"));
    assertEquals(List.of(), fleet.agent(source).notCrashedAt(points));
    String before = Content.newest(fleet, "prod").getString("id");
    List<String> point = List.of("before-upload");
    fleet.agent(source).crashAt(point);
    fleet.awaitConnected(List.of(source));
    Process saving = fleet.begin("snapshot", "save", "prod");
    Await.until(
        "the agent has ended before it could send anything",
        PATIENCE,
        () -> fleet.agent(source).notCrashedAt(point).isEmpty(),
        () -> fleet.agent(source).log());
    fleet.killCoordinator();
    saving.destroyForcibly();
    fleet.startCoordinator();
    fleet.awaitConnected(lab.hosts());
    Await.until(
        "the interrupted one has come to its end",
        PATIENCE,
        () -> !Content.newest(fleet, "prod").getString("id").equals(before),
        () -> fleet.quorate("events", "prod").out());
    for (JsonObject each : Proof.objects(Content.all(fleet, "prod"))) {
      Proof.succeeded(fleet.quorate("snapshot", "verify", "prod", each.getString("id")));
    }
    try (Stream<Path> uploads = Files.list(fleet.data().resolve("snapshots/.store/uploads"))) {
      assertEquals(List.of(), uploads.toList());
    }
  }

  @Test
  @Order(5)
  void aFailureIsToldInTheStatusUntilOneSucceeds() {
    for (LabHost host : lab.hosts()) {
      host.run("sh", "-c", "rm -rf %1$s && touch %1$s".formatted(SCRATCH)).orThrow();
    }
    Content.refused("Q3504", fleet.quorate("snapshot", "save", "prod"));
    Ran status = fleet.quorate("status", "prod");
    assertTrue(status.out().contains("Q2108"), status::out);
    for (LabHost host : lab.hosts()) {
      host.run("rm", "-f", SCRATCH).orThrow();
    }
    Proof.succeeded(fleet.quorate("snapshot", "save", "prod"));
    Ran well = fleet.quorate("status", "prod");
    assertFalse(well.out().contains("Q2108"), well::out);
  }

  @Test
  @Order(6)
  void theyComeByThemselvesAndNoMoreAreKeptThanAsked() {
    Await.until(
        "one came by itself",
        Duration.ofMinutes(3),
        () ->
            Proof.objects(Content.all(fleet, "prod")).stream()
                .anyMatch(s -> s.getString("id").startsWith("backup-")),
        () -> fleet.quorate("status", "prod").out());
    Await.until(
        "no more are kept",
        PATIENCE,
        () -> Content.all(fleet, "prod").size() == 3,
        () -> Content.all(fleet, "prod").encodePrettily());
  }

  private static String leader() {
    return Proof.objects(fleet.status("prod").getJsonArray("members")).stream()
        .filter(m -> m.getString("role").equals("leader"))
        .map(m -> m.getString("name"))
        .findFirst()
        .orElseThrow();
  }

  private static LabHost host(String member) {
    return lab.hosts().stream()
        .filter(h -> ClusterFile.member(h).equals(member))
        .findFirst()
        .orElseThrow();
  }

  /** The file under the name that people read. */
  private static Path readable(JsonObject snapshot) throws IOException {
    try (Stream<Path> files = Files.list(fleet.data().resolve("snapshots/prod"))) {
      return files
          .filter(f -> f.getFileName().toString().contains(snapshot.getString("id")))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void flip(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(9_000);
      int old = bytes.read();
      bytes.seek(9_000);
      bytes.write(old ^ 4);
    }
  }
}
