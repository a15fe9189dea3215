package io.quorate.agent.session;

import java.time.Duration;

/**
 * When to send a report: {@link #GATHER} after the first change, so that changes that come together
 * go together; and at least once an interval. Times are nanoseconds of a timer that only moves
 * forward.
 */
final class ReportPacer {
  static final Duration GATHER = Duration.ofMillis(50);

  private final long interval;
  private boolean changed;
  private long changedAt;
  private long sentAt;

  ReportPacer(Duration interval, long now) {
    this.interval = interval.toNanos();
    this.changed = true; // the first report is new
    this.changedAt = now - GATHER.toNanos();
    this.sentAt = now;
  }

  void change(long now) {
    if (!changed) {
      changed = true;
      changedAt = now;
    }
  }

  boolean due(long now) {
    return now - sentAt >= interval || (changed && now - changedAt >= GATHER.toNanos());
  }

  void sent(long now) {
    changed = false;
    sentAt = now;
  }
}
