package io.quorate.agent.observe;

import io.quorate.agent.observe.HostCounters.DeviceNumber;
import io.quorate.common.model.HostReport.Rates;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rates from the difference of two samples. Samples closer together than a second are not taken, so
 * that several readers do not spoil each other's rates.
 */
final class DiskRates {
  private static final long SHORTEST = Duration.ofSeconds(1).toNanos();
  private static final Rates UNKNOWN = new Rates(0, 0, 0);

  private @Nullable Sample before;
  private @Nullable Sample latest;

  private record Sample(long nanos, Map<DeviceNumber, HostCounters.Disk> disks) {
    double secondsSince(Sample earlier) {
      return (nanos - earlier.nanos) / 1e9;
    }
  }

  boolean due(long nanos) {
    return latest == null || nanos - latest.nanos >= SHORTEST;
  }

  void sample(long nanos, Map<DeviceNumber, HostCounters.Disk> disks) {
    before = latest;
    latest = new Sample(nanos, Map.copyOf(disks));
  }

  /** Bytes of the device itself; busy is the busiest of the disks under it. */
  Rates of(Location.Device device) {
    Sample earlier = before;
    Sample later = latest;
    if (earlier == null || later == null) {
      return UNKNOWN;
    }
    HostCounters.Disk from = earlier.disks.get(device.number());
    HostCounters.Disk to = later.disks.get(device.number());
    if (from == null || to == null) {
      return UNKNOWN;
    }
    double seconds = later.secondsSince(earlier);
    return new Rates(
        grown(from.readBytes(), to.readBytes()) / seconds,
        grown(from.writtenBytes(), to.writtenBytes()) / seconds,
        busiest(device.disks(), earlier, later));
  }

  private static double busiest(Set<DeviceNumber> disks, Sample earlier, Sample later) {
    double busiest = 0;
    for (DeviceNumber disk : disks) {
      HostCounters.Disk from = earlier.disks.get(disk);
      HostCounters.Disk to = later.disks.get(disk);
      if (from != null && to != null) {
        double busySeconds = grown(from.busyMillis(), to.busyMillis()) / 1000.0;
        busiest = Math.max(busiest, Math.min(1, busySeconds / later.secondsSince(earlier)));
      }
    }
    return busiest;
  }

  /** A counter that went back was reset or wrapped: nothing can be said about that interval. */
  private static long grown(long from, long to) {
    return Math.max(0, to - from);
  }
}
