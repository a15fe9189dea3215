package io.quorate.coordinator.api.noun;

import io.quorate.coordinator.api.control.Activity;
import io.quorate.coordinator.api.route.Ask;
import io.quorate.coordinator.api.route.Pause;
import io.quorate.coordinator.api.v1.ActivityView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Answers those who follow events: at once when there is a new one, else as soon as there is, else
 * with nothing when their time is up. Only so many wait at once; the others are answered at once
 * and ask again.
 */
final class Followers {
  private static final int MOST = 100;
  private static final Duration PAUSE = Duration.ofMillis(300);

  private final Activity activity;
  private final Pause pause;
  private final Semaphore places = new Semaphore(MOST);

  Followers(Activity activity, Pause pause) {
    this.activity = activity;
    this.pause = pause;
  }

  ActivityView.Events events(Ask ask) {
    Optional<String> cluster = ask.clusterFilter();
    long after = ask.number("afterId", 0, 0, Long.MAX_VALUE);
    int limit = (int) ask.number("limit", 100, 1, 1000);
    Duration wait = Duration.ofSeconds(ask.number("wait", 0, 0, 30));
    List<ActivityView.Event> events = activity.events(cluster, after, limit);
    if (events.isEmpty() && wait.isPositive() && places.tryAcquire()) {
      try {
        events = waitFor(cluster, after, limit, wait);
      } finally {
        places.release();
      }
    }
    return new ActivityView.Events(events);
  }

  private List<ActivityView.Event> waitFor(
      Optional<String> cluster, long after, int limit, Duration wait) {
    List<ActivityView.Event> events = List.of();
    for (long looks = wait.dividedBy(PAUSE); events.isEmpty() && looks > 0; looks--) {
      pause.pause(PAUSE);
      events = activity.events(cluster, after, limit);
    }
    return events;
  }
}
