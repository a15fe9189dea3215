package io.quorate.coordinator.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * When the next snapshot of a cluster is due. Pure.
 *
 * <ol>
 *   <li>One is due {@code every} after the last good one; the first of a cluster soon after its
 *       file was last changed, so that nobody waits a day for it.
 *   <li>One at a time: while one is being saved, whoever asked for it, none is begun.
 *   <li>One that failed is tried again after a quarter of {@code every}, between a minute and ten.
 *   <li>A change of the cluster that is under way goes first, unless the snapshot is overdue: then
 *       it is taken between two steps, and the next step waits for it.
 *   <li>Overdue is one that is late by as much as {@code every}.
 * </ol>
 *
 * What it depends on is durable, so a coordinator that starts anew neither forgets a snapshot nor
 * takes one twice.
 *
 * @param since when the cluster's file was last changed
 * @param last when the last good one was taken
 * @param failed when the last attempt that came to nothing began, if it was after the last good one
 */
public record BackupSchedule(
    Duration every, Instant since, Optional<Instant> last, Optional<Instant> failed) {
  private static final Duration FIRST = Duration.ofMinutes(10);
  private static final Duration LEAST_RETRY = Duration.ofMinutes(1);
  private static final Duration MOST_RETRY = Duration.ofMinutes(10);

  /** What else is going on. */
  public enum Otherwise {
    QUIET,
    CHANGING,
    SAVING
  }

  public Instant due() {
    return last.map(at -> at.plus(every))
        .orElseGet(() -> since.plus(every.compareTo(FIRST) < 0 ? every : FIRST));
  }

  public boolean overdue(Instant now) {
    return now.isAfter(due().plus(every));
  }

  public boolean saveNow(Instant now, Otherwise otherwise) {
    boolean retryLater = failed.filter(at -> now.isBefore(at.plus(retry()))).isPresent();
    boolean waits =
        switch (otherwise) {
          case QUIET -> false;
          case CHANGING -> !overdue(now);
          case SAVING -> true;
        };
    return !now.isBefore(due()) && !retryLater && !waits;
  }

  private Duration retry() {
    return Comparator.<Duration>naturalOrder().compare(every.dividedBy(4), LEAST_RETRY) < 0
        ? LEAST_RETRY
        : every.dividedBy(4).compareTo(MOST_RETRY) > 0 ? MOST_RETRY : every.dividedBy(4);
  }
}
