package io.quorate.coordinator.cli.activity;

/** Waiting between two looks. */
final class Patience {
  private Patience() {}

  static void second() {
    try {
      Thread.sleep(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("nobody interrupts the command line's own thread", e);
    }
  }
}
