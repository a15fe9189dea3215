package io.quorate.agent.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.observe.HostCounters.DeviceNumber;
import io.quorate.common.model.HostReport.Rates;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DiskRatesTest {
  private static final DeviceNumber DISK = new DeviceNumber(8, 0);
  private static final DeviceNumber OTHER = new DeviceNumber(8, 16);
  private static final DeviceNumber VOLUME = new DeviceNumber(253, 0);
  private static final Location.Device DEVICE =
      new Location.Device(VOLUME, "/dev/mapper/vg-etcd", Set.of(DISK, OTHER));
  private static final long SECOND = 1_000_000_000L;

  private final DiskRates rates = new DiskRates();

  @Test
  void oneSampleSaysNothing() {
    rates.sample(0, counts(100, 100, 100, 100));
    assertEquals(new Rates(0, 0, 0), rates.of(DEVICE));
  }

  @Test
  void bytesAreTheVolumesAndBusyIsTheBusiestDisks() {
    rates.sample(0, counts(1000, 5000, 100, 100));
    rates.sample(4 * SECOND, counts(3000, 45_000, 300, 3100));
    assertEquals(new Rates(500, 10_000, 0.75), rates.of(DEVICE));
  }

  @Test
  void moreThanBusyIsBusy() {
    rates.sample(0, counts(0, 0, 0, 0));
    rates.sample(SECOND, counts(0, 0, 1003, 0));
    assertEquals(1.0, rates.of(DEVICE).busyRatio());
  }

  @Test
  void aCounterThatWentBackSaysNothing() {
    rates.sample(0, counts(1000, 1000, 4_294_967_000L, 0));
    rates.sample(SECOND, counts(10, 10, 100, 0));
    assertEquals(new Rates(0, 0, 0), rates.of(DEVICE));
  }

  @Test
  void aDeviceThatIsGoneSaysNothing() {
    rates.sample(0, counts(0, 0, 0, 0));
    rates.sample(SECOND, Map.of());
    assertEquals(new Rates(0, 0, 0), rates.of(DEVICE));
  }

  @Test
  void samplesCloserThanASecondAreNotDue() {
    assertTrue(rates.due(5 * SECOND));
    rates.sample(5 * SECOND, Map.of());
    assertFalse(rates.due(6 * SECOND - 1));
    assertTrue(rates.due(6 * SECOND));
  }

  private static Map<DeviceNumber, HostCounters.Disk> counts(
      long read, long written, long busyDisk, long busyOther) {
    return Map.of(
        VOLUME, new HostCounters.Disk(read, written, 0),
        DISK, new HostCounters.Disk(9, 9, busyDisk),
        OTHER, new HostCounters.Disk(9, 9, busyOther));
  }
}
