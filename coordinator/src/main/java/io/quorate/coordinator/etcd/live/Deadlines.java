package io.quorate.coordinator.etcd.live;

import java.time.Duration;

/**
 * How long one member may take over an observation, and a change over everything. Etcd itself gives
 * up on a change after seven seconds (five and two election timeouts); less would call unknown what
 * it was about to answer.
 */
public record Deadlines(Duration observation, Duration change) {
  public static final Deadlines DEFAULT =
      new Deadlines(Duration.ofMillis(1500), Duration.ofSeconds(10));
}
