package io.quorate.coordinator.api.route;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** How a virtual thread lets time pass; a test lets it pass at once. */
@FunctionalInterface
public interface Pause {
  void pause(Duration duration);

  static Pause on(Vertx vertx) {
    return duration -> {
      CompletableFuture<Long> over = new CompletableFuture<>();
      vertx.setTimer(duration.toMillis(), over::complete);
      over.join();
    };
  }
}
