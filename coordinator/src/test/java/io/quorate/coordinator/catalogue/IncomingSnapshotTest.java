package io.quorate.coordinator.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.files.Digests;
import io.quorate.coordinator.store.MemoryStore;
import io.quorate.coordinator.store.Snapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in right is kept and told; what does not is refused and leaves nothing. */
class IncomingSnapshotTest extends CatalogueTest {
  private SnapshotShelf shelf;

  @BeforeEach
  void makeShelf() {
    shelf = new SnapshotShelf(temporary.resolve("snapshots"), blobs, new MemoryStore().snapshots());
  }

  private record Received(Snapshots.Content content, Blob blob) {}

  private Received receive(byte[] all, int pieces) throws IOException {
    try (IncomingSnapshot incoming = shelf.receive()) {
      for (int at = 0; at < all.length; at += pieces) {
        incoming.take(Arrays.copyOfRange(all, at, Math.min(all.length, at + pieces)));
      }
      Snapshots.Content content = incoming.content();
      return new Received(content, shelf.keep(incoming));
    }
  }

  private void assertDamaged(String why, byte[] all) throws IOException {
    QuorateException refusal = assertThrows(QuorateException.class, () -> receive(all, 32 * 1024));
    assertEquals(Code.Q3501, refusal.problem().code());
    assertTrue(refusal.problem().sentence().contains(why), refusal.problem().sentence());
    assertEquals(List.of(), files());
  }

  private static byte[] changed(UnaryOperator<byte[]> change) {
    return MadeDatabase.snapshot(change.apply(MadeDatabase.upTo(7)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 31, 32, 33, 512, 32 * 1024})
  void whateverThePieces(int pieces) throws Exception {
    byte[] all = MadeDatabase.snapshot(MadeDatabase.upTo(41));
    Received finished = receive(all, pieces);
    assertEquals(new Snapshots.Content(41, 41, finished.content().hash()), finished.content());
    assertEquals(all.length, finished.blob().size());
    assertEquals(
        finished.blob().sha256(), Digests.of(blobs.path(finished.blob().sha256()).orElseThrow()));
    assertEquals(1, files().size(), "nothing stays on the way");
  }

  @Test
  void aStreamThatWasCutOrAlteredIsRefused() throws Exception {
    byte[] all = MadeDatabase.snapshot(MadeDatabase.upTo(7));
    assertDamaged("cut short", Arrays.copyOf(all, all.length - 1));
    assertDamaged("cut short", Arrays.copyOf(all, all.length - 32));
    assertDamaged("cut short", new byte[0]);
    assertDamaged("not that of its bytes", Arrays.copyOf(all, all.length - 512));
    byte[] flipped = all.clone();
    flipped[5000] ^= 1;
    assertDamaged("not that of its bytes", flipped);
  }

  @Test
  void oneThatBreaksOffLeavesNothing() throws Exception {
    try (IncomingSnapshot incoming = shelf.receive()) {
      incoming.take(new byte[100_000]);
      assertEquals(1, files().size());
    }
    assertEquals(List.of(), files());
  }

  @Test
  void theSecondMetaPageServesWhenTheFirstDoesNot() throws Exception {
    byte[] all =
        changed(
            database -> {
              database[16 + 20] ^= 1;
              return database;
            });
    assertEquals(7, receive(all, 4096).content().revision());
  }

  @Test
  void aDatabaseThatCannotBeReadIsRefusedWhateverItsHash() throws Exception {
    assertDamaged(
        "first two pages",
        changed(
            database -> {
              database[16 + 20] ^= 1;
              database[MadeDatabase.PAGE + 16 + 20] ^= 1;
              return database;
            }));
    assertDamaged(
        "fewer pages",
        changed(
            database -> {
              database[16 + 40] = 5;
              return MadeDatabase.summed(database, 0);
            }));
    assertDamaged(
        "cannot be",
        changed(
            database -> {
              database[16 + 16] = 9;
              return MadeDatabase.summed(database, 0);
            }));
    assertDamaged(
        "neither a branch nor a leaf",
        changed(
            database -> {
              database[16 + 16] = 2;
              return MadeDatabase.summed(database, 0);
            }));
    assertDamaged(
        "is not there",
        changed(
            database -> {
              database[3 * MadeDatabase.PAGE] = 1;
              return database;
            }));
    assertDamaged(
        "outside of any bucket",
        changed(
            database -> {
              database[3 * MadeDatabase.PAGE + 16] = 0;
              return database;
            }));
    assertDamaged(
        "where nothing is",
        changed(
            database -> {
              database[3 * MadeDatabase.PAGE + 16 + 6] = 1; // the position of the bucket's name
              return database;
            }));
  }

  /** Bytes at random: read to the end, or refused as damaged, and never anything else. */
  @Test
  void whateverItHoldsItIsReadOrRefused() throws Exception {
    Random random = new Random(1);
    int refused = 0;
    for (int round = 0; round < 400; round++) {
      byte[] database = MadeDatabase.upTo(20);
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        int page = random.nextInt(4);
        database[page * MadeDatabase.PAGE + random.nextInt(160)] = (byte) random.nextInt();
      }
      MadeDatabase.summed(database, 0);
      try {
        receive(MadeDatabase.snapshot(database), 64 * 1024);
      } catch (QuorateException e) {
        assertEquals(Code.Q3501, e.problem().code(), "round " + round);
        refused++;
      }
    }
    assertTrue(refused > 100, "refused only " + refused);
    assertTrue(Files.exists(root));
  }
}
