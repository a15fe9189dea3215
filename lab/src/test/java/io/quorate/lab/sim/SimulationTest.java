package io.quorate.lab.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A fresh set of histories with each build, never the same. */
class SimulationTest {
  /** More with -Dsimulated.histories=N; bin/simulate for as many as you have patience for. */
  private static final int HISTORIES = Integer.getInteger("simulated.histories", 1000);

  @Test
  void historiesOfThisBuildEndWell() {
    long from = System.nanoTime() & 0xFFFFFFFFL;
    List<String> failures = SimulateMain.failures(from, HISTORIES);
    assertTrue(failures.isEmpty(), () -> "from seed " + from + ":\n" + String.join("\n", failures));
  }

  @Test
  void aSeedIsAWholeHistory() {
    for (Scenario scenario : Scenario.values()) {
      assertEquals(
          Simulation.run(42, scenario, true).trace(), Simulation.run(42, scenario, true).trace());
    }
  }
}
