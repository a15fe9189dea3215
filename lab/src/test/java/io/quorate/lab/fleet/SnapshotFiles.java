package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.lab.LabHost;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;

/** The files of snapshots, as they lie with the coordinator, and what may befall them. */
final class SnapshotFiles {
  private static final String SCRATCH = "/var/lib/quorate-agent/scratch";
  private static final int TRAILER = 32;

  private SnapshotFiles() {}

  /** The file under the name that people read. */
  static Path readable(Fleet fleet, JsonObject snapshot) throws IOException {
    Path folder = fleet.data().resolve("snapshots").resolve(snapshot.getString("cluster"));
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().contains(snapshot.getString("id")))
          .findFirst()
          .orElseThrow();
    }
  }

  static String sha256(Path file) throws IOException {
    return HexFormat.of().formatHex(digest(Files.readAllBytes(file)));
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One bit; the same again undoes it. */
  static void flip(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(9_000);
      int old = bytes.read();
      bytes.seek(9_000);
      bytes.write(old ^ 4);
    }
  }

  /** A copy in which pages of the database are lost, under a hash that is right for it. */
  static void breakInside(Path from, Path to) throws IOException {
    byte[] bytes = Files.readAllBytes(from);
    byte[] database = Arrays.copyOf(bytes, bytes.length - TRAILER);
    Arrays.fill(database, 2 * 4096, database.length, (byte) 0x5a);
    byte[] whole = Arrays.copyOf(database, bytes.length);
    System.arraycopy(digest(database), 0, whole, database.length, TRAILER);
    Files.write(to, whole);
  }

  /** Neither files nor an etcd of a drill. */
  static void nothingIsLeft(LabHost host) {
    assertEquals("", host.run("sh", "-c", "ls -A %s 2>/dev/null".formatted(SCRATCH)).out());
    assertEquals("1", host.run("pgrep", "-c", "-x", "etcd").orThrow());
  }
}
