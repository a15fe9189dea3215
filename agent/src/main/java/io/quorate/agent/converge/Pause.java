package io.quorate.agent.converge;

import java.time.Duration;
import java.time.Instant;

/** A pause that doubles with each failure, up to a longest. */
final class Pause {
  private final Duration first;
  private final Duration longest;
  private int failures;
  private Instant until = Instant.MIN;

  Pause(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
  }

  void failed(Instant now) {
    Duration pause = first.multipliedBy(1L << Math.min(failures, 16));
    until = now.plus(pause.compareTo(longest) < 0 ? pause : longest);
    failures++;
  }

  void reset() {
    failures = 0;
    until = Instant.MIN;
  }

  boolean begun() {
    return failures > 0;
  }

  boolean pausing(Instant now) {
    return now.isBefore(until);
  }

  Duration left(Instant now) {
    return pausing(now) ? Duration.between(now, until) : Duration.ZERO;
  }
}
