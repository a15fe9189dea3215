package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
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

/** Snapshots that are interrupted, fail, and come by themselves. */
@Tag("lab")
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SnapshotTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SCRATCH = "/var/lib/quorate-agent/scratch";

  private static Lab lab;
  private static Fleet fleet;
  private static ClusterFile prod;

  @BeforeAll
  static void up() {
    fleet = Fleet.up(3, "3.5.30");
    lab = fleet.lab();
    prod = ClusterFile.of("prod", "3.5.30", lab.hosts()).with("backup", "{every: 1m, keep: 9}");
    Proof.succeeded(fleet.apply(prod));
    Proof.healthy(fleet, prod);
  }

  @AfterAll
  static void down() {
    fleet.down();
  }

  /** The coordinator has nowhere to put what it fetches by itself; uploads lie elsewhere. */
  private static void nothingCanBeFetched() throws IOException {
    Path incoming = fleet.data().resolve("snapshots/.store/incoming");
    Files.delete(incoming);
    Files.createSymbolicLink(incoming, Path.of("/sys/kernel"));
  }

  private static void fetchingIsPossible() throws IOException {
    Path incoming = fleet.data().resolve("snapshots/.store/incoming");
    Files.delete(incoming);
    Files.createDirectory(incoming);
  }

  @Test
  @Order(1)
  void whatCannotBeFetchedIsSavedByTheAgentAndGoesOnWhereItWas() throws Exception {
    nothingCanBeFetched();
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
    assertEquals(0, files("snapshots/.store/uploads"));
    fetchingIsPossible();
  }

  @Test
  @Order(2)
  void aCoordinatorThatDiesMeanwhileFetchesItAgain() throws Exception {
    fleet.fill(prod, 100);
    List<String> before = asked();
    Process saving = fleet.begin("snapshot", "save", "prod");
    Await.until(
        "it is being fetched",
        PATIENCE,
        () -> files("snapshots/.store/incoming") > 0,
        () -> fleet.quorate("events", "prod").out());
    fleet.killCoordinator();
    saving.destroyForcibly();
    fleet.startCoordinator();
    Await.until(
        "it was fetched by the next one",
        PATIENCE,
        () -> asked().size() > before.size(),
        () -> fleet.quorate("events", "prod").out());
    for (String id : asked()) {
      Proof.succeeded(fleet.quorate("snapshot", "verify", "prod", id));
    }
    assertEquals(0, files("snapshots/.store/incoming"));
    assertEquals(0, files("snapshots/.store/uploads"));
    fleet.awaitConnected(lab.hosts());
  }

  @Test
  @Order(3)
  void aFailureIsToldInTheStatusUntilOneSucceeds() throws Exception {
    nothingCanBeFetched();
    for (LabHost host : lab.hosts()) {
      host.run("sh", "-c", "rm -rf %1$s && touch %1$s".formatted(SCRATCH)).orThrow();
    }
    Content.refused("Q3504", fleet.quorate("snapshot", "save", "prod"));
    Ran status = fleet.quorate("status", "prod");
    assertTrue(status.out().contains("Q2108"), status::out);
    Await.until(
        "an event tells it",
        PATIENCE,
        () -> fleet.quorate("events", "prod", "-n", "20").out().contains("Q2108"),
        () -> fleet.quorate("events", "prod", "-n", "20").out());
    for (LabHost host : lab.hosts()) {
      host.run("rm", "-f", SCRATCH).orThrow();
    }
    fetchingIsPossible();
    Proof.succeeded(fleet.quorate("snapshot", "save", "prod"));
    Ran well = fleet.quorate("status", "prod");
    assertFalse(well.out().contains("Q2108"), well::out);
  }

  @Test
  @Order(4)
  void theyComeByThemselvesAndNoMoreAreKeptThanAsked() {
    Proof.succeeded(fleet.apply(prod.with("backup", "{every: 1m, keep: 3}")));
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
    // Their files went with them; what people see and what hosts fetch are two names of one file.
    assertEquals(3, files("snapshots/prod"));
    String data = fleet.data().resolve("snapshots").toString();
    String inodes = "find %s -name '*.db' -links 2 | wc -l".formatted(data);
    assertEquals("3", lab.run(PATIENCE, "sh", "-c", inodes).out().strip());
  }

  private static LabHost host(String member) {
    return lab.hosts().stream()
        .filter(h -> ClusterFile.member(h).equals(member))
        .findFirst()
        .orElseThrow();
  }

  /** Those that somebody asked for; the others come by the clock. */
  private static List<String> asked() {
    return Proof.objects(Content.all(fleet, "prod")).stream()
        .map(s -> s.getString("id"))
        .filter(id -> id.startsWith("snap-"))
        .toList();
  }

  private static long files(String folder) {
    try (Stream<Path> files = Files.list(fleet.data().resolve(folder))) {
      return files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
