package io.quorate.lab.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** What happened, for whoever replays a seed. */
final class Trace {
  private final boolean kept;
  private final List<String> lines = new ArrayList<>();
  private Instant start = Instant.MIN;

  Trace(boolean kept) {
    this.kept = kept;
  }

  void say(InstantSource clock, String text) {
    if (!kept) {
      return;
    }
    Instant now = clock.instant();
    start = start.equals(Instant.MIN) ? now : start;
    lines.add("%9.3f  %s".formatted(Duration.between(start, now).toMillis() / 1000.0, text));
  }

  List<String> lines() {
    return lines;
  }
}
