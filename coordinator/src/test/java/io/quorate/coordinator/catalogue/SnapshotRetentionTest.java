package io.quorate.coordinator.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.coordinator.store.Samples;
import io.quorate.coordinator.store.Snapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SnapshotRetentionTest {
  private static final Blob BLOB = new Blob("ab".repeat(32), 1);

  private static Snapshots.Snapshot aged(int days, boolean good) {
    return SnapshotShelfTest.snapshot("s-" + days, BLOB, Duration.ofDays(days), good);
  }

  private static List<String> expired(SnapshotRetention retention, Snapshots.Snapshot... all) {
    return retention.expired(List.of(all), Samples.NOW).stream()
        .map(Snapshots.Snapshot::id)
        .toList();
  }

  private static SnapshotRetention keep(int keep) {
    return new SnapshotRetention(keep, Optional.empty());
  }

  @Test
  void theNewestStay() {
    assertEquals(
        List.of("s-3", "s-4"),
        expired(keep(2), aged(4, true), aged(1, true), aged(3, true), aged(2, true)));
    assertEquals(List.of(), expired(keep(5), aged(1, true), aged(2, true)));
    assertEquals(List.of(), expired(keep(1)));
  }

  @Test
  void theYoungStayBeyondTheNumber() {
    SnapshotRetention retention = new SnapshotRetention(1, Optional.of(Duration.ofDays(3)));
    assertEquals(
        List.of("s-3", "s-9"),
        expired(retention, aged(1, true), aged(2, true), aged(3, true), aged(9, true)));
  }

  @Test
  void onesNeverFoundGoodPushNothingOut() {
    assertEquals(
        List.of("s-5"),
        expired(keep(1), aged(1, false), aged(2, false), aged(3, true), aged(5, false)));
    assertEquals(List.of(), expired(keep(1), aged(1, false), aged(2, false)));
  }

  /** Every mix of good and bad, every number, every clock: the newest good one is never let go. */
  @Test
  void theNewestGoodOneAlwaysStays() {
    for (int mix = 0; mix < 1 << 6; mix++) {
      List<Snapshots.Snapshot> all = new ArrayList<>();
      for (int day = 0; day < 6; day++) {
        all.add(aged(day, (mix >> day & 1) == 1));
      }
      Optional<Snapshots.Snapshot> newestGood =
          all.stream().filter(snapshot -> snapshot.verified().isPresent()).findFirst();
      for (int keep = -1; keep < 8; keep++) {
        for (int days : new int[] {0, 2, 100}) {
          for (Instant now :
              List.of(
                  Samples.NOW,
                  Samples.NOW.plus(Duration.ofDays(3650)),
                  Samples.NOW.minus(Duration.ofDays(3650)))) {
            SnapshotRetention retention =
                new SnapshotRetention(
                    keep, days == 0 ? Optional.empty() : Optional.of(Duration.ofDays(days)));
            List<Snapshots.Snapshot> expired = retention.expired(all, now);
            assertFalse(newestGood.isPresent() && expired.contains(newestGood.get()));
            long goodLeft =
                all.stream().filter(s -> s.verified().isPresent() && !expired.contains(s)).count();
            assertTrue(goodLeft >= Math.min(Integer.bitCount(mix), Math.max(1, keep)));
          }
        }
      }
    }
  }
}
