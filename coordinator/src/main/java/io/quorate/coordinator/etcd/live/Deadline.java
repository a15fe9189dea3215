package io.quorate.coordinator.etcd.live;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A point in monotonic time by which something ends. */
record Deadline(long nanos) {
  static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  /** At least one, so that a wait that is given it still ends by itself. */
  long leftMillis() {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime()));
  }
}
