package io.quorate.coordinator.catalogue;

import io.quorate.coordinator.store.Snapshots;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which snapshots of one cluster may go. A snapshot stays when either rule keeps it:
 *
 * <ol>
 *   <li>It is among the newest {@code keep} that were found good, or newer than the oldest of
 *       these.
 *   <li>It is younger than {@code keepFor}, when that is given.
 * </ol>
 *
 * Guarantees: the newest good one always stays, whatever the numbers say and however wrong the
 * clock is; one that was never found good does not push a good one out.
 */
public record SnapshotRetention(int keep, Optional<Duration> keepFor) {
  public List<Snapshots.Snapshot> expired(List<Snapshots.Snapshot> all, Instant now) {
    List<Snapshots.Snapshot> newestFirst =
        all.stream()
            .sorted(
                Comparator.comparing(Snapshots.Snapshot::at)
                    .thenComparing(Snapshots.Snapshot::id)
                    .reversed())
            .toList();
    List<Snapshots.Snapshot> expired = new ArrayList<>();
    int good = 0;
    for (Snapshots.Snapshot snapshot : newestFirst) {
      boolean amongNewest = good < Math.max(1, keep);
      boolean young = keepFor.isPresent() && snapshot.at().isAfter(now.minus(keepFor.get()));
      if (!amongNewest && !young) {
        expired.add(snapshot);
      }
      if (snapshot.verified().isPresent()) {
        good++;
      }
    }
    return List.copyOf(expired);
  }
}
