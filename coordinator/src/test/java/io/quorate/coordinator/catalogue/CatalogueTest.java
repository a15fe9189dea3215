package io.quorate.coordinator.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.catalogue.inspect.Limits;
import io.quorate.coordinator.store.MemoryStore;
import io.quorate.coordinator.store.Releases;
import io.quorate.coordinator.store.Samples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A catalogue on a disk, to be filled. */
abstract class CatalogueTest {
  static final Limits SMALL = new Limits(1_000_000, 4_000_000, 50, 50, 1_000_000);

  @TempDir Path temporary;
  Path root;
  BlobStore blobs;
  Releases releases;
  ReleaseIntake intake;

  @BeforeEach
  void makeCatalogue() {
    root = temporary.resolve("blobs");
    blobs = BlobStore.open(root);
    releases = new MemoryStore().releases();
    intake = new ReleaseIntake(blobs, releases, SMALL);
  }

  Releases.Entry add(byte[] archive) {
    return add(new ByteArrayInputStream(archive));
  }

  Releases.Entry add(InputStream archive) {
    return intake.add(archive, Optional.empty(), Samples.NOW, "ada");
  }

  static Code refusal(Executable call) {
    return assertThrows(QuorateException.class, call).problem().code();
  }

  /** Refused, and nothing of it is anywhere. */
  void assertRefused(Code code, byte[] archive) throws IOException {
    assertEquals(code, refusal(() -> add(archive)));
    assertNothingKept();
  }

  void assertNothingKept() throws IOException {
    assertEquals(List.of(), files());
    assertEquals(List.of(), releases.list());
  }

  List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(temporary)) {
      return all.filter(file -> !Files.isDirectory(file)).toList();
    }
  }
}
