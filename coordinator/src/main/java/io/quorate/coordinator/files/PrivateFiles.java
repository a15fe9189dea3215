package io.quorate.coordinator.files;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** Files and directories that nobody else can read, and whose names survive a loss of power. */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFiles() {}

  /** Makes the directory and those above it that are missing. */
  public static void ensureDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
      syncName(directory);
    }
  }

  /** An empty file, or the one that is there made private. */
  public static void ensure(Path file) throws IOException {
    if (Files.exists(file)) {
      Files.setPosixFilePermissions(file, FILE);
    } else {
      create(file).close();
      syncName(file);
    }
  }

  /** A new file, open for writing; refuses when there is one. */
  public static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(FILE));
  }

  /** Gives a file that is written and synced its name, at once and for good. */
  public static void publish(Path written, Path name) throws IOException {
    Files.move(written, name, StandardCopyOption.ATOMIC_MOVE);
    syncName(name);
  }

  /** Makes it durable that a file has, or no longer has, this name. */
  public static void syncName(Path file) throws IOException {
    syncDirectory(parent(file));
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  public static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** What is said when a disk fails. */
  public static QuorateException failed(Path where, IOException cause) {
    return new QuorateException(
        Problem.of(Code.Q1315, "%s cannot be read or written".formatted(where))
            .withCause(String.valueOf(cause))
            .withState("nothing was added")
            .withRemedy("df -h %s".formatted(where)),
        cause);
  }

  private static Path parent(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
  }
}
