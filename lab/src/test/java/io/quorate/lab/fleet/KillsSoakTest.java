package io.quorate.lab.fleet;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** Coordinator and agents killed at every step of a rollout. Too long for every build. */
@Tag("lab")
@Tag("soak")
class KillsSoakTest {
  private static Trial trial;

  @BeforeAll
  static void up() {
    trial = Trial.up();
  }

  @AfterAll
  static void down() {
    trial.down();
  }

  @Nested
  class KilledAtEachStep extends KillCases {
    KilledAtEachStep() {
      super(trial, step -> true);
    }
  }
}
