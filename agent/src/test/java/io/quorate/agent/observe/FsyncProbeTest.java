package io.quorate.agent.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.model.HostReport.Fsync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FsyncProbeTest {
  @TempDir Path directory;

  @Test
  void measuresAndCleansUpAfterItself() throws Exception {
    Path path = directory.resolve("probe");
    FsyncProbe probe = new FsyncProbe(path, System::nanoTime);
    probe.start();
    probe.close();
    probe.awaitRemoved(Duration.ofSeconds(20));
    Fsync latencies = probe.latencies();
    assertEquals(1, latencies.samples());
    assertEquals(latencies.maxMicros(), latencies.p50Micros());
    assertFalse(Files.exists(path));
  }

  @Test
  void theFileStaysBounded() throws IOException {
    Path path = directory.resolve("probe");
    try (FsyncProbe probe = new FsyncProbe(path, System::nanoTime)) {
      for (int i = 0; i < 2 * ProbeFile.LARGEST_BYTES / ProbeFile.RECORD_BYTES; i++) {
        assertEquals(FsyncProbe.PERIOD, probe.append());
        assertTrue(Files.size(path) <= ProbeFile.LARGEST_BYTES);
      }
      assertEquals(32, probe.latencies().samples());
    }
  }

  @Test
  void survivesAMissingDirectoryAndGoesOnWhenItIsThere() throws IOException {
    Path wanted = directory.resolve("later/probe");
    try (FsyncProbe probe = new FsyncProbe(wanted, System::nanoTime)) {
      assertEquals(FsyncProbe.AFTER_FAILURE, probe.append());
      assertEquals(Fsync.none(), probe.latencies());
      Files.createDirectory(directory.resolve("later"));
      assertEquals(FsyncProbe.PERIOD, probe.append());
      Files.delete(wanted);
      assertEquals(FsyncProbe.PERIOD, probe.append());
      assertTrue(Files.exists(wanted));
      assertEquals(2, probe.latencies().samples());
    }
  }

  @Test
  void neverFollowsWhatOthersPutUnderItsName() throws IOException {
    Path precious = Files.writeString(directory.resolve("precious"), "etcd");
    Path path = Files.createSymbolicLink(directory.resolve("probe"), precious);
    try (FsyncProbe probe = new FsyncProbe(path, System::nanoTime)) {
      probe.append();
      assertFalse(Files.isSymbolicLink(path));
      assertEquals("etcd", Files.readString(precious));
    }
  }

  @Test
  void aBurstLeavesNothingBehind() throws IOException {
    Fsync latencies = FsyncProbe.burst(directory.resolve("probe"), 5, System::nanoTime);
    assertEquals(5, latencies.samples());
    try (var left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
  }
}
