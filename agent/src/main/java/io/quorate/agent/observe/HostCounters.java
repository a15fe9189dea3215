package io.quorate.agent.observe;

import java.util.Map;

/** The host's ever growing counters. */
interface HostCounters {
  Map<DeviceNumber, Disk> disks();

  Cpu cpu();

  record Disk(long readBytes, long writtenBytes, long busyMillis) {}

  record Cpu(long busyTicks, long allTicks) {}

  /** The kernel's name for a block device; the same in mountinfo, sysfs and diskstats. */
  record DeviceNumber(long major, long minor) {
    static DeviceNumber parse(String text) {
      int colon = text.indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException("'" + text + "' is not MAJOR:MINOR");
      }
      return new DeviceNumber(
          Long.parseLong(text, 0, colon, 10), Long.parseLong(text, colon + 1, text.length(), 10));
    }

    @Override
    public String toString() {
      return major + ":" + minor;
    }
  }
}
