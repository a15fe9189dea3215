package io.quorate.coordinator.etcd.model;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * A clock that jumps from one thing to do to the next. What is due at one instant happens in the
 * order in which it was asked for, so that a run repeats itself exactly.
 */
public final class VirtualTime implements InstantSource {
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::number));
  private Instant now;
  private long asked;

  public VirtualTime(Instant start) {
    now = start;
  }

  @Override
  public Instant instant() {
    return now;
  }

  public void after(Duration delay, Runnable action) {
    queue.add(new Due(now.plus(delay), asked++, action));
  }

  /** Does the next thing; false when there is none until then, and then it is that late. */
  public boolean step(Instant until) {
    Due next = queue.peek();
    if (next == null || next.at.isAfter(until)) {
      now = now.isAfter(until) ? now : until;
      return false;
    }
    queue.remove();
    // A thing that took time itself may have moved the clock beyond.
    now = now.isAfter(next.at) ? now : next.at;
    next.action.run();
    return true;
  }

  /** Lets everything happen that is due within this long. */
  public void pass(Duration duration) {
    Instant until = now.plus(duration);
    while (step(until)) {
      // Each step is the work.
    }
  }

  private record Due(Instant at, long number, Runnable action) {}
}
