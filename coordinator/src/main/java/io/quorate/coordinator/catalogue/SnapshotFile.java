package io.quorate.coordinator.catalogue;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.files.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What etcd saves as a snapshot: a database whose length is a multiple of 512, and after it the
 * SHA-256 of these bytes. A database that was copied from a data directory lacks the second part.
 */
final class SnapshotFile {
  private static final int BLOCK = 512;
  private static final int TRAILER = 32;
  private static final int PAGE_HEADER = 16;

  /** Of bbolt, little-endian, at the start of its first page's content. */
  private static final byte[] MAGIC = {(byte) 0xed, (byte) 0xda, 0x0c, (byte) 0xed};

  private SnapshotFile() {}

  /** Empty when the file is whole: its own hash, and the digest of all of it, are right. */
  static Optional<Problem> problem(Path file, String expectedSha256) throws IOException {
    if (Files.notExists(file)) {
      return damaged("its file is gone");
    }
    long body = Files.size(file) - TRAILER;
    MessageDigest digest = Digests.sha256();
    byte[] trailer = new byte[TRAILER];
    String ofBody;
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[Digests.BUFFER];
      for (long left = Math.max(0, body); left > 0; ) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          return damaged("it was cut short while it was read");
        }
        digest.update(buffer, 0, read);
        left -= read;
      }
      // All of it is the body and the trailer: what was taken of the one serves for the other.
      ofBody = Digests.hexSoFar(digest);
      int length = in.readNBytes(trailer, 0, TRAILER);
      digest.update(trailer, 0, length);
    }
    if (!Digests.hex(digest).equals(expectedSha256)) {
      return damaged("its bytes are not those that were saved");
    }
    if (body <= 0 || body % BLOCK != 0) {
      return damaged(
          "it does not end with a hash; it was cut short, or copied from a data directory");
    }
    if (!ofBody.equals(HexFormat.of().formatHex(trailer))) {
      return damaged("the hash at its end is not that of its bytes");
    }
    return Optional.empty();
  }

  /** Empty when it begins as every database of etcd does, which is all that can be told of it. */
  static Optional<Problem> noDatabase(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(PAGE_HEADER + MAGIC.length);
      boolean database =
          start.length == PAGE_HEADER + MAGIC.length
              && Arrays.equals(start, PAGE_HEADER, start.length, MAGIC, 0, MAGIC.length);
      return database ? Optional.empty() : damaged("it is no database of etcd");
    }
  }

  private static Optional<Problem> damaged(String why) {
    return Optional.of(
        Problem.of(Code.Q3501, "the snapshot is damaged: " + why)
            .withState("nothing was changed")
            .withRemedy("quorate snapshot list"));
  }
}
