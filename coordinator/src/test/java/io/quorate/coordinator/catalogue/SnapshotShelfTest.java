package io.quorate.coordinator.catalogue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.store.MemoryStore;
import io.quorate.coordinator.store.Samples;
import io.quorate.coordinator.store.Snapshots;
import java.io.ByteArrayInputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotShelfTest extends CatalogueTest {
  private Snapshots records;
  private SnapshotShelf shelf;

  @BeforeEach
  void makeShelf() {
    records = new MemoryStore().snapshots();
    shelf = new SnapshotShelf(temporary.resolve("snapshots"), blobs, records);
  }

  /** As etcd writes it: the database, then its SHA-256. */
  private static byte[] saved(int seed) throws Exception {
    byte[] database = new byte[16 * 512];
    new Random(seed).nextBytes(database);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(database);
    byte[] all = Arrays.copyOf(database, database.length + hash.length);
    System.arraycopy(hash, 0, all, database.length, hash.length);
    return all;
  }

  static Snapshots.Snapshot snapshot(String id, Blob blob, Duration age, boolean good) {
    return new Snapshots.Snapshot(
        id,
        Samples.PROD,
        new Snapshots.Origin(MemberName.of("etcd-1"), new EtcdVersion(3, 5, 30), 7),
        Samples.NOW.minus(age),
        blob.sha256(),
        blob.size(),
        new Snapshots.Content(41, 2, 3),
        good ? Optional.of(Samples.NOW) : Optional.empty(),
        Optional.empty());
  }

  private Snapshots.Snapshot add(String id, byte[] content, Duration age) {
    Blob blob = blobs.put(new ByteArrayInputStream(content), 1 << 20);
    return shelf.add(snapshot(id, blob, age, false), Samples.NOW);
  }

  @Test
  void aWholeSnapshotIsShelvedUnderANameForPeople() throws Exception {
    Snapshots.Snapshot added = add("op-1", saved(1), Duration.ZERO);
    assertEquals(Optional.of(Samples.NOW), added.verified());
    assertEquals(List.of(added), records.list(Samples.PROD));
    Path name = temporary.resolve("snapshots/prod/prod-20261121T010203Z-revision-41-op-1.db");
    assertArrayEquals(saved(1), Files.readAllBytes(name));
    assertTrue(blobs.find(added.sha256()).isPresent());
    assertEquals(added, shelf.add(added, Samples.NOW));
  }

  @Test
  void damagedSnapshotsAreRefused() throws Exception {
    byte[] whole = saved(1);
    byte[] flipped = whole.clone();
    flipped[5000] ^= 1;
    byte[] hashFlipped = whole.clone();
    hashFlipped[whole.length - 1] ^= 1;
    for (byte[] damaged :
        List.of(
            flipped,
            hashFlipped,
            Arrays.copyOf(whole, whole.length - 32),
            Arrays.copyOf(whole, whole.length - 512),
            Arrays.copyOf(whole, whole.length - 1),
            Arrays.copyOfRange(whole, whole.length - 32, whole.length),
            new byte[0])) {
      assertEquals(Code.Q3501, refusal(() -> add("op-1", damaged, Duration.ZERO)));
    }
    assertEquals(List.of(), records.list(Samples.PROD));
    assertEquals(List.of(), files());
  }

  @Test
  void aSnapshotThatRotsIsNoLongerGood() throws Exception {
    Snapshots.Snapshot added = add("op-1", saved(1), Duration.ZERO);
    assertEquals(
        Optional.of(Samples.NOW.plusSeconds(5)),
        shelf.verify("op-1", Samples.NOW.plusSeconds(5)).verified());
    try (RandomAccessFile file = new RandomAccessFile(shelf.name(added).toFile(), "rw")) {
      file.seek(100);
      file.write(file.read() ^ 0x40);
    }
    assertEquals(Code.Q3501, refusal(() -> shelf.verify("op-1", Samples.NOW)));
    assertEquals(Optional.empty(), records.find("op-1").orElseThrow().verified());
    blobs.remove(added.sha256());
    assertEquals(Code.Q3501, refusal(() -> shelf.verify("op-1", Samples.NOW)));
    assertEquals(Code.Q3503, refusal(() -> shelf.verify("op-9", Samples.NOW)));
  }

  @Test
  void oldSnapshotsGoWithNameRecordAndBytes() throws Exception {
    List<Snapshots.Snapshot> all = new ArrayList<>();
    for (int day = 0; day < 4; day++) {
      all.add(add("op-" + day, saved(day), Duration.ofDays(day)));
    }
    SnapshotRetention two = new SnapshotRetention(2, Optional.empty());
    String inUse = all.get(3).sha256();
    assertEquals(List.of(all.get(2)), shelf.prune(Samples.PROD, two, Samples.NOW, inUse::equals));
    assertEquals(List.of(all.get(0), all.get(1), all.get(3)), records.list(Samples.PROD));
    assertFalse(Files.exists(shelf.name(all.get(2))));
    assertTrue(blobs.find(all.get(2).sha256()).isEmpty());
    assertTrue(blobs.find(inUse).isPresent());
    assertEquals(List.of(all.get(3)), shelf.prune(Samples.PROD, two, Samples.NOW, sha256 -> false));
    assertEquals(4, files().size());
  }

  @Test
  void bytesThatTwoSnapshotsShareStayForTheOther() throws Exception {
    Snapshots.Snapshot newer = add("op-1", saved(1), Duration.ofHours(1));
    add("op-2", saved(1), Duration.ofHours(2));
    shelf.prune(
        Samples.PROD, new SnapshotRetention(1, Optional.empty()), Samples.NOW, sha256 -> false);
    assertEquals(List.of(newer), records.list(Samples.PROD));
    assertEquals(newer.verified(), shelf.verify("op-1", Samples.NOW).verified());
  }
}
