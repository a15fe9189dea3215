package io.quorate.coordinator.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.spec.SpecFile;
import io.quorate.coordinator.store.Clusters;
import io.quorate.coordinator.store.Samples;
import io.quorate.coordinator.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Opening: again, by two, after an upgrade, and when the file is not as it should be. */
class OpeningTest {
  private static final String SPEC =
      """
      cluster: prod
      version: 3.5.30
      members:
        - {name: etcd-1, host: node-1, address: 10.77.0.11}
      """;

  @TempDir Path temporary;

  private Path data() {
    return temporary.resolve("data");
  }

  private static Code refusal(Executable call) {
    return assertThrows(QuorateException.class, call).problem().code();
  }

  @Test
  void everythingIsThereAgain() {
    Clusters.Cluster cluster =
        new Clusters.Cluster(
            Samples.PROD,
            SPEC,
            SpecFile.require(SPEC, "prod.yaml"),
            Samples.intent(1),
            0,
            false,
            Samples.NOW,
            "ada");
    try (Store store = SqliteStore.open(data())) {
      store.raiseEpoch();
      store.clusters().create(cluster);
      store.audit().append(Samples.NOW, "ada", "apply", "prod", "allowed", "");
    }
    try (Store store = SqliteStore.open(data())) {
      assertEquals(2, store.raiseEpoch());
      assertEquals(Optional.of(cluster), store.clusters().find(Samples.PROD));
      assertEquals(2, store.audit().append(Samples.NOW, "ada", "x", "", "", "").index());
      assertEquals(Optional.empty(), store.audit().verify());
    }
  }

  @Test
  void aTextThatSaysSomethingElseThanItsSpecIsNotKept() {
    try (Store store = SqliteStore.open(data())) {
      Clusters.Cluster lie =
          new Clusters.Cluster(
              Samples.PROD,
              SPEC,
              Samples.spec("3.5.16"),
              Samples.intent(1),
              0,
              false,
              Samples.NOW,
              "ada");
      assertThrows(IllegalArgumentException.class, () -> store.clusters().create(lie));
      assertEquals(List.of(), store.clusters().list());
    }
  }

  @Test
  void aSecondCoordinatorIsRefused() {
    try (Store store = SqliteStore.open(data())) {
      assertEquals(Code.Q1311, refusal(() -> SqliteStore.open(data())));
      assertEquals(1, store.raiseEpoch());
    }
    SqliteStore.open(data()).close();
  }

  @Test
  void aSecondProcessIsRefused() throws Exception {
    try (Store store = SqliteStore.open(data());
        OtherProcess other = OtherProcess.start(data())) {
      assertEquals("Q1311", other.readLine());
      assertEquals(1, store.raiseEpoch());
    }
  }

  @Test
  void nobodyElseCanReadIt() throws Exception {
    Files.createDirectories(data());
    Files.createFile(
        data().resolve("quorate.db"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
    try (Store store = SqliteStore.open(data())) {
      store.raiseEpoch();
      List<String> readable = new ArrayList<>();
      try (Stream<Path> files = Files.walk(data())) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
          if (!mode.equals("rw-------") && !file.startsWith(data().resolve("native"))) {
            readable.add(file + " " + mode);
          }
        }
      }
      assertEquals(List.of(), readable);
    }
  }

  @Test
  void anOlderSchemaIsBroughtUpToDateAndACopyKept() throws Exception {
    try (Store store = SqliteStore.open(data())) {
      store.raiseEpoch();
      store.audit().append(Samples.NOW, "ada", "apply", "prod", "allowed", "");
    }
    List<String> steps = new ArrayList<>(Schema.CURRENT.steps());
    steps.add("ALTER TABLE hosts ADD COLUMN note TEXT; CREATE TABLE more (id TEXT) STRICT;");
    try (Store store = SqliteStore.open(data(), Samples::spec, new Schema(steps))) {
      assertEquals(2, store.raiseEpoch());
      assertEquals(Optional.empty(), store.audit().verify());
      assertEquals(1, store.audit().head().orElseThrow().index());
    }
    Path copy = data().resolve("quorate.db.schema-" + Schema.CURRENT.steps().size());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));

    QuorateException newer = assertThrows(QuorateException.class, () -> SqliteStore.open(data()));
    assertEquals(Code.Q1315, newer.problem().code());
    assertTrue(newer.problem().sentence().contains("newer coordinator"));

    Files.move(
        copy, data().resolve("quorate.db"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    try (Store store = SqliteStore.open(data())) {
      assertEquals(2, store.raiseEpoch());
    }
  }

  @Test
  void aMigrationThatFailsChangesNothing() {
    SqliteStore.open(data()).close();
    List<String> steps = new ArrayList<>(Schema.CURRENT.steps());
    steps.add("CREATE TABLE more (id TEXT) STRICT; SELECT nonsense FROM nowhere;");
    assertEquals(
        Code.Q1315, refusal(() -> SqliteStore.open(data(), Samples::spec, new Schema(steps))));
    SqliteStore.open(data()).close();
  }

  @Test
  void aDamagedFileIsRefused() throws Exception {
    try (Store store = SqliteStore.open(data())) {
      for (int i = 0; i < 20; i++) {
        store.journal().add(Samples.event(Optional.empty(), "x".repeat(3000)));
      }
    }
    Path file = data().resolve("quorate.db");
    byte[] bytes = Files.readAllBytes(file);
    for (int page = 2; page * 4096 < bytes.length; page++) {
      bytes[page * 4096] ^= 0x55;
    }
    Files.write(file, bytes);
    assertEquals(Code.Q1315, refusal(() -> SqliteStore.open(data())));

    Files.writeString(file, "not a database at all, but long enough to be looked at. ".repeat(99));
    assertEquals(Code.Q1315, refusal(() -> SqliteStore.open(data())));
  }

  @Test
  void aDirectoryThatCannotBeMadeIsRefused() throws Exception {
    Path file = Files.createFile(temporary.resolve("file"));
    assertEquals(Code.Q1315, refusal(() -> SqliteStore.open(file.resolve("data"))));
  }

  @Test
  void aClosedStoreRefuses() {
    Store store = SqliteStore.open(data());
    store.close();
    assertEquals(Code.Q1315, refusal(store::raiseEpoch));
    assertEquals(
        Code.Q1310,
        refusal(() -> store.audit().append(Samples.NOW, "ada", "apply", "prod", "allowed", "")));
  }
}
