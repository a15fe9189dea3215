package io.quorate.coordinator.files;

import java.io.IOException;
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
      syncDirectory(parent(directory));
    }
  }

  /** An empty file, or the one that is there made private. */
  public static void ensure(Path file) throws IOException {
    if (Files.exists(file)) {
      Files.setPosixFilePermissions(file, FILE);
    } else {
      create(file).close();
      syncDirectory(parent(file));
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
    syncDirectory(parent(name));
  }

  /** Makes the names in a directory durable. */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static Path parent(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
  }
}
