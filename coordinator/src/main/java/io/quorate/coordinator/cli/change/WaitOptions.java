package io.quorate.coordinator.cli.change;

import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Of every command that starts a rollout. */
public final class WaitOptions {
  @Option(names = "--wait", description = "wait until the rollout is over; this is the default")
  private boolean wait;

  @Option(names = "--detach", description = "do not wait for the rollout")
  private boolean detach;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "stop waiting after this time; the rollout goes on")
  private Optional<Duration> timeout = Optional.empty();

  public boolean waits() {
    return wait || !detach;
  }

  Optional<Duration> timeout() {
    return timeout;
  }
}
