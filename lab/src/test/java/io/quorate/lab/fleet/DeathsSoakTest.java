package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Lab;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every agent dies at every step of a deployment, and the coordinator after every step of one. */
@Tag("lab")
@Tag("soak")
class DeathsSoakTest {
  private static final String VERSION = "3.5.30";

  @Test
  void deploymentsSurviveADeathAtEveryStep() {
    try (Lab lab = Lab.up(3);
        Fleet fleet = Fleet.start(lab)) {
      fleet.join(lab.hosts());
      fleet.addRelease(VERSION);
      Deaths deaths = new Deaths(fleet);
      deaths.ofAgents(ClusterFile.of("first", VERSION, lab.hosts()), number -> Deaths.POINTS);
      int kills =
          deaths.ofTheCoordinator(
              ClusterFile.of("second", VERSION, lab.hosts()).withClientPort(2479));
      System.out.printf("the coordinator died %d times%n", kills);
      assertTrue(kills >= 3);
    }
  }
}
