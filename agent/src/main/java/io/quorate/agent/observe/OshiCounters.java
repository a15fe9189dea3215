package io.quorate.agent.observe;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import oshi.hardware.CentralProcessor.TickType;
import oshi.util.driver.linux.proc.CpuStat;
import oshi.util.driver.linux.proc.DiskStats;
import oshi.util.driver.linux.proc.DiskStats.IoStat;

/**
 * The counters as OSHI reads them from {@code /proc}. OSHI's disk stores would ask udev through a
 * native library: three times the work, five megabytes more, and nothing at all where there is no
 * udev.
 */
final class OshiCounters implements HostCounters {
  /** The unit of diskstats, whatever the disk's own sectors are. */
  private static final long SECTOR_BYTES = 512;

  @Override
  public Map<DeviceNumber, Disk> disks() {
    Map<DeviceNumber, Disk> disks = new HashMap<>();
    for (Map<IoStat, Long> line : DiskStats.getDiskStats().values()) {
      disks.put(
          new DeviceNumber(value(line, IoStat.MAJOR), value(line, IoStat.MINOR)),
          new Disk(
              value(line, IoStat.READS_SECTOR) * SECTOR_BYTES,
              value(line, IoStat.WRITES_SECTOR) * SECTOR_BYTES,
              value(line, IoStat.IO_MS)));
    }
    return disks;
  }

  @Override
  public Cpu cpu() {
    long[] ticks = CpuStat.getSystemCpuLoadTicks();
    long all = Arrays.stream(ticks).sum();
    long idle = ticks[TickType.IDLE.getIndex()] + ticks[TickType.IOWAIT.getIndex()];
    return new Cpu(all - idle, all);
  }

  private static long value(Map<IoStat, Long> line, IoStat field) {
    return line.getOrDefault(field, 0L);
  }
}
