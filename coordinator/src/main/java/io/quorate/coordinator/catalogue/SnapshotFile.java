package io.quorate.coordinator.catalogue;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.files.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What etcd saves as a snapshot: a database whose length is a multiple of 512, and after it the
 * SHA-256 of these bytes. A database that was copied from a data directory lacks the second part.
 */
final class SnapshotFile {
  private static final int BLOCK = 512;
  private static final int TRAILER = 32;

  private SnapshotFile() {}

  /** Empty when the file is whole: its own hash, and the digest of all of it, are right. */
  static Optional<Problem> problem(Path file, String expectedSha256) throws IOException {
    if (Files.notExists(file)) {
      return damaged("its file is gone");
    }
    long body = Files.size(file) - TRAILER;
    MessageDigest ofBody = Digests.sha256();
    MessageDigest ofAll = Digests.sha256();
    byte[] trailer = new byte[TRAILER];
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[Digests.BUFFER];
      for (long left = Math.max(0, body); left > 0; ) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          return damaged("it was cut short while it was read");
        }
        ofBody.update(buffer, 0, read);
        ofAll.update(buffer, 0, read);
        left -= read;
      }
      int length = in.readNBytes(trailer, 0, TRAILER);
      ofAll.update(trailer, 0, length);
    }
    if (!Digests.hex(ofAll).equals(expectedSha256)) {
      return damaged("its bytes are not those that were saved");
    }
    if (body <= 0 || body % BLOCK != 0) {
      return damaged(
          "it does not end with a hash; it was cut short, or copied from a data directory");
    }
    if (!Digests.hex(ofBody).equals(HexFormat.of().formatHex(trailer))) {
      return damaged("the hash at its end is not that of its bytes");
    }
    return Optional.empty();
  }

  private static Optional<Problem> damaged(String why) {
    return Optional.of(
        Problem.of(Code.Q3501, "the snapshot is damaged: " + why)
            .withState("nothing was changed")
            .withRemedy("quorate snapshot list"));
  }
}
