package io.quorate.coordinator.cli.change;

import io.quorate.coordinator.cli.core.Session;

/** What is said when the one who waits walks away with Ctrl-C; the JVM's exit code is 130 then. */
final class Detach {
  private final Thread hook;

  private Detach(Thread hook) {
    this.hook = hook;
  }

  static Detach armed(Session session, String cluster, long rollout) {
    Thread hook =
        new Thread(
            () -> {
              session.say("");
              session.say("Detached. Rollout %d of %s goes on.".formatted(rollout, cluster));
              session.say("  look: quorate rollout status %s --watch".formatted(cluster));
              session.say("  stop: quorate rollout pause %s".formatted(cluster));
            },
            "detached");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Detach(hook);
  }

  void disarm() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // Ctrl-C came at the very end: the JVM is on its way out and has said its word.
      return;
    }
  }
}
