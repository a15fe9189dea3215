package io.quorate.agent.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.observe.HostCounters.DeviceNumber;
import io.quorate.agent.observe.WatchedDirectory.Purpose;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostFacts;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.HostReport.Fsync;
import io.quorate.common.model.HostReport.Load;
import io.quorate.common.model.HostReport.Rates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class HostObserverTest {
  private static final ClusterName PROD = ClusterName.of("prod");
  private static final DeviceNumber DISK = new DeviceNumber(8, 0);
  private static final DeviceNumber PARTITION = new DeviceNumber(8, 1);

  @TempDir Path directory;
  private long nanos;
  private Map<DeviceNumber, HostCounters.Disk> disks = Map.of();
  private HostCounters.Cpu cpu = new HostCounters.Cpu(0, 0);

  @Test
  void nothingWatchedCostsNothing() {
    try (HostObserver observer =
        new HostObserver(
            "systemd",
            () -> nanos,
            Path.of("/nowhere"),
            Path.of("/nowhere"),
            () -> {
              throw new AssertionError("counters were loaded");
            })) {
      assertEquals(List.of(), observer.disks());
    }
  }

  @Test
  void aDirectoryIsFollowedToItsDisk() throws IOException {
    layOut(PARTITION);
    try (HostObserver observer = observer()) {
      observer.watch(Set.of(directory("etcd/prod", Purpose.DATA)));
      disks = counts(1000, 1000, 0);
      observer.disks();
      pass(Duration.ofSeconds(10));
      disks = counts(21_000, 101_000, 2500);
      HostReport.Disk disk = observer.disks().getFirst();
      assertEquals("data", disk.purpose());
      assertEquals(directory.resolve("etcd/prod").toString(), disk.path());
      assertEquals("ext4", disk.space().fileSystem());
      assertEquals("/dev/sda1", disk.space().device());
      assertEquals(new Rates(2000, 10_000, 0.25), disk.rates());
      assertEquals(Fsync.none(), disk.fsync());
    }
  }

  @Test
  void anUnknownDiskIsEmptyNotInvented() throws IOException {
    layOut(new DeviceNumber(0, 44));
    try (HostObserver observer = observer()) {
      observer.watch(Set.of(directory("etcd/prod", Purpose.DATA)));
      HostReport.Disk disk = observer.disks().getFirst();
      assertEquals("", disk.space().device());
      assertEquals(new Rates(0, 0, 0), disk.rates());
      assertTrue(disk.space().freeBytes() > 0);
    }
  }

  @Test
  @Timeout(60)
  void theProbeLiesBesideTheWalAndOutsideTheData() throws Exception {
    layOut(PARTITION);
    Path wal = Files.createDirectories(directory.resolve("etcd/prod/wal"));
    Path probe = directory.resolve("etcd/.prod-wal.quorate-probe");
    HostObserver observer = observer();
    observer.watch(
        Set.of(directory("etcd/prod", Purpose.DATA), directory("etcd/prod/wal", Purpose.WAL)));
    while (!Files.exists(probe)) {
      Thread.onSpinWait();
    }
    assertEquals(
        List.of("data", "wal"), observer.disks().stream().map(HostReport.Disk::purpose).toList());
    observer.close();
    assertFalse(Files.exists(probe));
    try (var inside = Files.list(wal);
        var beside = Files.list(directory.resolve("etcd/prod"))) {
      assertEquals(0, inside.count());
      assertEquals(List.of(wal), beside.toList());
    }
  }

  @Test
  void watchingOthersStopsTheProbe() throws Exception {
    layOut(PARTITION);
    try (HostObserver observer = observer()) {
      observer.watch(Set.of(directory("etcd/prod-wal", Purpose.WAL)));
      observer.watch(Set.of());
      assertEquals(List.of(), observer.disks());
    }
  }

  @Test
  void processorUseIsOfTheTimeBetweenTwoCalls() throws IOException {
    layOut(PARTITION);
    try (HostObserver observer = observer()) {
      cpu = new HostCounters.Cpu(500, 10_000);
      assertEquals(0, observer.load().cpuRatio());
      cpu = new HostCounters.Cpu(800, 11_000);
      assertEquals(0.3, observer.load().cpuRatio());
    }
  }

  @Test
  void thisMachineIsObserved() throws IOException {
    try (HostObserver observer = new HostObserver("supervised")) {
      observer.watch(
          Set.of(new WatchedDirectory(PROD, Purpose.WAL, directory.resolve("prod-wal"))));
      HostReport.Disk disk = observer.disks().getFirst();
      assertEquals(Files.getFileStore(directory).type(), disk.space().fileSystem());
      assertEquals(Files.getFileStore(directory).getTotalSpace(), disk.space().totalBytes());
      Load load = observer.load();
      assertTrue(load.agentResidentBytes() > 10_000_000);
      assertTrue(load.memoryAvailableBytes() > load.agentResidentBytes());
      HostFacts facts = observer.facts();
      assertEquals("supervised", facts.serviceManager());
      assertTrue(facts.memoryBytes() > load.memoryAvailableBytes());
      assertFalse(facts.addresses().contains("127.0.0.1"));
      assertEquals(3, observer.measure(directory.resolve("not/yet"), 3).samples());
    }
  }

  @Test
  void oshiReadsThisMachinesCounters() throws IOException {
    HostCounters counters = new OshiCounters();
    assertTrue(counters.cpu().allTicks() > counters.cpu().busyTicks());
    long lines = Files.readAllLines(Path.of("/proc/diskstats")).size();
    assertEquals(lines, counters.disks().size());
  }

  private HostObserver observer() {
    return new HostObserver(
        "systemd",
        () -> nanos,
        directory.resolve("proc"),
        directory.resolve("sys"),
        () ->
            new HostCounters() {
              @Override
              public Map<DeviceNumber, Disk> disks() {
                return disks;
              }

              @Override
              public Cpu cpu() {
                return cpu;
              }
            });
  }

  /** A host whose only mount is of this device; /dev/sda with one partition. */
  private void layOut(DeviceNumber mounted) throws IOException {
    disks = counts(0, 0, 0);
    Files.createDirectories(directory.resolve("etcd"));
    Files.createDirectories(directory.resolve("proc/self"));
    Files.writeString(
        directory.resolve("proc/self/mountinfo"),
        "1 0 " + mounted + " / / rw - ext4 /dev/root rw\n");
    Files.writeString(directory.resolve("proc/meminfo"), "MemAvailable:   100 kB\n");
    Files.writeString(directory.resolve("proc/self/status"), "VmRSS:\t   40 kB\n");
    Path partition = Files.createDirectories(directory.resolve("sys/devices/sda/sda1"));
    Files.writeString(partition.resolve("partition"), "1\n");
    Files.writeString(directory.resolve("sys/devices/sda/dev"), "8:0\n");
    Path links = Files.createDirectories(directory.resolve("sys/dev/block"));
    Files.createSymbolicLink(links.resolve("8:1"), partition);
  }

  private static Map<DeviceNumber, HostCounters.Disk> counts(long read, long written, long busy) {
    return Map.of(
        PARTITION, new HostCounters.Disk(read, written, 1),
        DISK, new HostCounters.Disk(read, written, busy));
  }

  private WatchedDirectory directory(String path, Purpose purpose) {
    return new WatchedDirectory(PROD, purpose, directory.resolve(path));
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }
}
