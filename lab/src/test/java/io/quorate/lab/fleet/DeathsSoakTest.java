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
      // The stamp is the last of what seeding does: who dies right after it has nothing to seed any
      // more, and so never gets to the end of seeding.
      deaths.ofAgents(
          ClusterFile.of("first", VERSION, lab.hosts()),
          number -> Deaths.allBut(number == 0 ? "after-stamp" : "after-seed"));
      int kills =
          deaths.ofTheCoordinator(
              ClusterFile.of("second", VERSION, lab.hosts()).withClientPort(2479));
      System.out.printf("the coordinator died %d times%n", kills);
      assertTrue(kills >= 3);
    }
  }
}
