package io.quorate.agent.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactsTest {
  @TempDir Path directory;

  @Test
  void architecturesAreNamedAsEtcdNamesItsReleases() {
    assertEquals("amd64", Facts.architecture("amd64"));
    assertEquals("amd64", Facts.architecture("x86_64"));
    assertEquals("arm64", Facts.architecture("aarch64"));
    assertEquals("riscv64", Facts.architecture("riscv64"));
  }

  @Test
  void theDistributionNamesItself() throws IOException {
    Path file = directory.resolve("os-release");
    Files.writeString(file, "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
    assertEquals("Debian GNU/Linux 12 (bookworm)", Facts.operatingSystem(file));
    assertEquals("Linux", Facts.operatingSystem(directory.resolve("missing")));
  }

  @Test
  void kilobytesAreBytes() throws IOException {
    Path file = Files.writeString(directory.resolve("status"), "VmHWM:\t 9 kB\nVmRSS:\t   12 kB\n");
    assertEquals(12 * 1024, Facts.kilobytes(file, "VmRSS"));
    assertEquals(0, Facts.kilobytes(file, "VmSwap"));
  }

  @Test
  void freeInodesAreCounted() throws IOException {
    long free = Facts.freeInodes(directory);
    assertTrue(free == Facts.UNKNOWN_INODES || free > 0, () -> "free inodes " + free);
    assertEquals(Facts.UNKNOWN_INODES, Facts.freeInodes(directory.resolve("missing")));
  }
}
