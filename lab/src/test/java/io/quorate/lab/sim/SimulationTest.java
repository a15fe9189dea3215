package io.quorate.lab.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A fresh set of histories with each build, never the same. */
class SimulationTest {
  /** More with -Dsimulated.histories=N; bin/simulate for as many as you have patience for. */
  private static final int HISTORIES = Integer.getInteger("simulated.histories", 2000);

  /** The agent's own core takes its time: certificates, files, digests. */
  private static final int WITH_REAL_AGENTS = HISTORIES / 40;

  @Test
  void historiesOfThisBuildEndWell() {
    prove(SimAgent.Kind.PLAIN, HISTORIES);
  }

  @Test
  void soDoTheyWithTheAgentsOwnReconciler() {
    prove(SimAgent.Kind.REAL, WITH_REAL_AGENTS);
  }

  private static void prove(SimAgent.Kind agents, int histories) {
    long from = System.nanoTime() & 0xFFFFFFFFL;
    List<String> failures =
        SimulateMain.failures(SimulateMain.Seeds.ofAll(from, histories), World.Plan.of(agents));
    assertTrue(failures.isEmpty(), () -> "from seed " + from + ":\n" + String.join("\n", failures));
  }

  /**
   * A simulator that finds nothing may be blind. The change is named with the seeds, so that they
   * are the same histories whatever other changes there are.
   */
  @ParameterizedTest
  @EnumSource(value = Plant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aPlantedBugIsFound(Plant plant) {
    World.Plan plan = new World.Plan(SimAgent.Kind.PLAIN, plant);
    SimulateMain.Seeds seeds =
        new SimulateMain.Seeds(
            1, plant == Plant.RECOVERS_REGARDLESS ? 200 : 60, List.of(plant.showsIn()));
    List<String> found = SimulateMain.failures(seeds, plan);
    assertTrue(found.stream().anyMatch(f -> f.contains(plant.shows())), found::toString);
  }

  @Test
  void aSeedIsAWholeHistory() {
    for (Scenario scenario : Scenario.values()) {
      World.Plan plan = World.Plan.of(SimAgent.Kind.PLAIN);
      assertEquals(
          Simulation.run(42, scenario, plan, true).trace(),
          Simulation.run(42, scenario, plan, true).trace());
    }
  }
}
