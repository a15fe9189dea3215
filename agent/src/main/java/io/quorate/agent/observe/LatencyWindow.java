package io.quorate.agent.observe;

import io.quorate.common.model.HostReport.Fsync;
import io.quorate.common.model.HostReport.Histogram;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Every append of the last minute, exactly. An append that is still under way is counted with the
 * time it has taken so far once that is a second: a disk that hangs must not look fast because
 * nothing ends. And a count of all that have ended, by how long they took.
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
  private final long[] counts = new long[Histogram.BOUNDS_MICROS.size() + 1];
  private long sumMicros;

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
    count(TimeUnit.NANOSECONDS.toMicros(now - startedAt));
  }

  private void count(long micros) {
    int bucket = 0;
    while (bucket < counts.length - 1 && micros > Histogram.BOUNDS_MICROS.get(bucket)) {
      bucket++;
    }
    counts[bucket]++;
    sumMicros += micros;
  }

  synchronized Histogram all() {
    return Arrays.stream(counts).sum() == 0
        ? Histogram.none()
        : new Histogram(Arrays.stream(counts).boxed().toList(), sumMicros);
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
