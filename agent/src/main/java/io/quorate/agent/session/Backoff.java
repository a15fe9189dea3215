package io.quorate.agent.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: 100 ms, doubling up to 5 s, each between half and all
 * of that at random, so that a thousand agents do not come back in one wave.
 */
final class Backoff {
  private static final long FIRST_MILLIS = 100;
  private static final long LAST_MILLIS = 5_000;

  private final RandomGenerator random;
  private long ceiling = FIRST_MILLIS;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  Duration next() {
    long wait = ceiling / 2 + random.nextLong(ceiling / 2 + 1);
    ceiling = Math.min(LAST_MILLIS, ceiling * 2);
    return Duration.ofMillis(wait);
  }

  /** It went well for a while. */
  void reset() {
    ceiling = FIRST_MILLIS;
  }

  /** It was told to stay away; no hurry. */
  void farthest() {
    ceiling = LAST_MILLIS;
  }
}
