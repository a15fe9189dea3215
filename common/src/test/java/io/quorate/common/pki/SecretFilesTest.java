package io.quorate.common.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesTest {
  @TempDir Path directory;

  @Test
  void onlyTheOwnerReadsThem() throws Exception {
    Path secrets = directory.resolve("a/b");
    SecretFiles.makeDirectory(secrets);
    SecretFiles.write(secrets.resolve("key"), "one");
    SecretFiles.write(secrets.resolve("key"), "two");
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.resolve("key"))));
    assertEquals(Optional.of("two"), SecretFiles.read(secrets.resolve("key")));
    try (var all = Files.list(secrets)) {
      assertEquals(List.of(secrets.resolve("key")), all.toList());
    }
  }

  /** What a crash leaves behind, of whatever mode, neither stays nor gets in the way. */
  @Test
  void leftoversOfACrashDoNotMatter() throws Exception {
    Path leftover = directory.resolve(".key.new");
    Files.writeString(leftover, "half");
    Files.setPosixFilePermissions(leftover, PosixFilePermissions.fromString("rw-r--r--"));
    SecretFiles.write(directory.resolve("key"), "whole");
    assertEquals(Optional.of("whole"), SecretFiles.read(directory.resolve("key")));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("key"))));
    SecretFiles.delete(directory.resolve("key"));
    assertEquals(Optional.empty(), SecretFiles.read(directory.resolve("key")));
  }
}
