package io.quorate.agent.observe;

import io.quorate.common.model.HostReport.Fsync;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Every append of the last minute, exactly. An append that is still under way is counted with the
 * time it has taken so far once that is a second: a disk that hangs must not look fast because
 * nothing ends.
 */
final class LatencyWindow {
  private static final long SPAN = Duration.ofMinutes(1).toNanos();
  private static final long HANGING = Duration.ofSeconds(1).toNanos();

  private final long[] endedAt;
  private final long[] nanos;
  private int next;
  private int filled;
  private boolean underWay;
  private long startedAt;

  /**
   * @param capacity at least as many as can be in a minute
   */
  LatencyWindow(int capacity) {
    endedAt = new long[capacity];
    nanos = new long[capacity];
  }

  synchronized void started(long now) {
    underWay = true;
    startedAt = now;
  }

  synchronized void ended(long now) {
    underWay = false;
    endedAt[next] = now;
    nanos[next] = now - startedAt;
    next = (next + 1) % nanos.length;
    filled = Math.min(filled + 1, nanos.length);
  }

  /** It says nothing about the disk's speed. */
  synchronized void failed() {
    underWay = false;
  }

  synchronized Fsync summary(long now) {
    long[] recent = new long[filled + 1];
    int count = 0;
    for (int i = 0; i < filled; i++) {
      if (now - endedAt[i] <= SPAN) {
        recent[count++] = nanos[i];
      }
    }
    if (underWay && now - startedAt >= HANGING) {
      recent[count++] = now - startedAt;
    }
    return summarize(Arrays.copyOf(recent, count));
  }

  private static Fsync summarize(long[] nanos) {
    if (nanos.length == 0) {
      return Fsync.none();
    }
    Arrays.sort(nanos);
    return new Fsync(
        nanos.length,
        percentile(nanos, 50),
        percentile(nanos, 90),
        percentile(nanos, 99),
        percentile(nanos, 100));
  }

  /** The nearest rank: always a latency that was really seen. */
  private static long percentile(long[] sorted, int percent) {
    int rank = Math.ceilDiv(percent * sorted.length, 100);
    return TimeUnit.NANOSECONDS.toMicros(sorted[rank - 1]);
  }
}
