package io.quorate.lab.bench;

/** One thing that {@code bin/bench} measures; it brings its own lab up and down. */
interface Bench {
  /** As in {@code bin/bench NAME}. */
  String name();

  /** What it measures, in one line. */
  String meaning();

  void run(Figures figures);
}
