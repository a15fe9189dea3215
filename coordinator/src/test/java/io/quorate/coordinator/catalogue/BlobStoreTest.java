package io.quorate.coordinator.catalogue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BlobStoreTest extends CatalogueTest {
  private static final long LIMIT = 1 << 20;

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private Blob put(byte[] bytes) {
    return blobs.put(new ByteArrayInputStream(bytes), LIMIT);
  }

  private static ByteBuffer part(byte[] bytes, int from, int to) {
    return ByteBuffer.wrap(bytes, from, to - from);
  }

  @Test
  void whatIsPutIsFoundAndRead() throws Exception {
    byte[] bytes = noise(600_000);
    Blob blob = put(bytes);
    assertEquals(600_000, blob.size());
    assertEquals(Optional.of(blob), blobs.find(blob.sha256()));
    assertTrue(blobs.intact(blob.sha256()));
    try (InputStream all = blobs.read(blob.sha256(), 0);
        InputStream end = blobs.read(blob.sha256(), 599_999);
        InputStream beyond = blobs.read(blob.sha256(), 700_000)) {
      assertArrayEquals(bytes, all.readAllBytes());
      assertEquals(1, end.readAllBytes().length);
      assertEquals(0, beyond.readAllBytes().length);
    }
    assertEquals(blob, put(bytes));
    assertEquals(1, files().size());
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())));
    blobs.remove(blob.sha256());
    assertEquals(Optional.empty(), blobs.find(blob.sha256()));
  }

  @Test
  void manyPuttingTheSameMakeOne() throws Exception {
    byte[] bytes = noise(100_000);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Blob>> all =
          java.util.stream.IntStream.range(0, 20)
              .mapToObj(i -> executor.submit(() -> put(bytes)))
              .toList();
      for (Future<Blob> one : all) {
        assertEquals(100_000, one.get().size());
      }
    }
    assertEquals(1, files().size());
  }

  @Test
  void namesAreNeverPaths() {
    for (String name : List.of("../x", "", "ab", "AB".repeat(32), "/etc/passwd", "a/".repeat(32))) {
      assertEquals(Code.Q1306, refusal(() -> blobs.find(name)));
      assertEquals(Code.Q1306, refusal(() -> blobs.read(name, 0)));
      assertEquals(Code.Q1306, refusal(() -> blobs.remove(name)));
    }
    for (String key : List.of("../x", "", ".", "a/b", "-x", "x".repeat(129), "a\n")) {
      assertEquals(Code.Q1306, refusal(() -> blobs.upload(key, LIMIT)));
    }
  }

  @Test
  void tooMuchIsRefused() throws Exception {
    assertEquals(Code.Q1306, refusal(() -> put(noise((int) LIMIT + 1))));
    assertEquals(
        Code.Q1306, refusal(() -> blobs.upload("op-1", 10).append(0, ByteBuffer.wrap(noise(11)))));
    blobs.upload("op-1", 10).drop();
    assertNothingKept();
  }

  @Test
  void anUploadGoesOnWhereItBroke() throws Exception {
    byte[] bytes = noise(500_000);
    String sha256 = put(bytes).sha256();
    blobs.remove(sha256);

    PartialUpload upload = blobs.upload("op-1", LIMIT);
    assertSame(upload, blobs.upload("op-1", LIMIT));
    assertEquals(0, upload.received());
    assertEquals(200_000, upload.append(0, part(bytes, 0, 200_000)));
    assertEquals(200_000, upload.append(50_000, part(bytes, 50_000, 100_000)));
    assertEquals(250_000, upload.append(150_000, part(bytes, 150_000, 250_000)));
    assertEquals(Code.Q1306, refusal(() -> upload.append(300_000, part(bytes, 300_000, 400_000))));
    assertEquals(Optional.empty(), blobs.find(sha256));

    blobs = BlobStore.open(root);
    PartialUpload later = blobs.upload("op-1", LIMIT);
    assertEquals(250_000, later.received());
    later.append(250_000, part(bytes, 250_000, 500_000));
    assertEquals(new Blob(sha256, 500_000), later.finish(sha256, Code.Q3602));
    assertTrue(blobs.intact(sha256));
    assertEquals(1, files().size());
    assertEquals(0, blobs.upload("op-1", LIMIT).received());
  }

  @Test
  void aWrongDigestDropsTheUpload() throws Exception {
    PartialUpload upload = blobs.upload("op-1", LIMIT);
    upload.append(0, ByteBuffer.wrap(noise(1000)));
    assertEquals(Code.Q1306, refusal(() -> upload.finish("nonsense", Code.Q3602)));
    assertEquals(Code.Q3602, refusal(() -> upload.finish("ab".repeat(32), Code.Q3602)));
    assertNothingKept();
    assertEquals(0, blobs.upload("op-1", LIMIT).received());
  }

  @Test
  void uploadsThatNobodyWantsAreForgotten() throws Exception {
    blobs.upload("op-1", LIMIT).append(0, ByteBuffer.wrap(noise(10)));
    blobs.upload("op-2", LIMIT).append(0, ByteBuffer.wrap(noise(10)));
    blobs = BlobStore.open(root);
    blobs.keepUploads(Set.of("op-2"));
    assertEquals(List.of("op-2"), files().stream().map(f -> f.getFileName().toString()).toList());
    assertEquals(10, blobs.upload("op-2", LIMIT).received());
  }

  @Test
  void aLinkOutlivesTheBlob() throws Exception {
    Blob blob = put(noise(10));
    Path name = temporary.resolve("snapshot.db");
    blobs.linkTo(blob.sha256(), name);
    blobs.linkTo(blob.sha256(), name);
    blobs.remove(blob.sha256());
    assertFalse(blobs.find(blob.sha256()).isPresent());
    assertArrayEquals(noise(10), Files.readAllBytes(name));
  }
}
