package io.quorate.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lab's hosts are what they claim to be, and a client sees what happens to them. */
@Tag("lab")
class LabTest {

  @Test
  void hostsAreMachinesOfTheirOwn() {
    Path directory;
    try (Lab lab = Lab.up(2)) {
      directory = lab.directory();
      for (LabHost host : lab.hosts()) {
        assertEquals("systemd", host.run("cat", "/proc/1/comm").orThrow());
        assertEquals("running", host.run("systemctl", "is-system-running").orThrow());
        assertEquals(host.name(), host.run("cat", "/proc/sys/kernel/hostname").orThrow());
      }
      LabHost first = lab.host(1);
      LabHost second = lab.host(2);

      // A service of one host is none of the other's.
      first.run("systemd-run", "--unit=mine", "sleep", "1000").orThrow();
      second.run("systemd-run", "--unit=mine", "sleep", "1000").orThrow();
      second.run("systemctl", "stop", "mine").orThrow();
      assertEquals("active", first.run("systemctl", "is-active", "mine").orThrow());

      // Power loss and power.
      String boot = bootId(first);
      first.kill();
      assertFalse(first.run("true").succeeded());
      first.boot();
      assertFalse(boot.equals(bootId(first)));
      first.poweroff();
      assertFalse(first.run("true").succeeded());
    }
    assertFalse(Files.exists(directory));
  }

  @Test
  void aClientSeesCutsAndPowerLossAndLosesNothing() {
    try (Lab lab = Lab.up(3)) {
      List<URI> endpoints = BareEtcd.start(lab.hosts(), Releases.require("3.5"));
      WritingClient.Settings settings =
          new WritingClient.Settings(endpoints, Optional.empty(), 100, true, "cuts");
      try (WritingProcess writing = WritingProcess.start(lab, settings)) {
        for (LabHost host : lab.hosts()) {
          host.cut();
          await(lab, "others elect a leader", others(lab, host));
          host.heal();
          await(lab, "all are healthy", endpoints);
        }
        lab.host(1).cutFrom(lab.host(2));
        lab.host(1).cutFromSwitch();
        lab.host(1).heal();
        LabHost victim = lab.host(3);
        victim.kill();
        await(lab, "two are healthy", others(lab, victim));
        victim.boot();
        victim.run("systemctl", "start", BareEtcd.UNIT).orThrow();
        await(lab, "all are healthy", endpoints);

        WritingSummary summary = writing.finish();
        System.out.println(summary.toJson());
        assertTrue(summary.nothingLost(), summary::toJson);
        assertEquals(0, summary.failed(), summary::toJson);
        assertTrue(summary.retries() > 0, summary::toJson);
        assertEquals(summary.attempted(), summary.acknowledged(), summary::toJson);
      }
    }
  }

  private static List<URI> others(Lab lab, LabHost without) {
    return BareEtcd.endpoints(lab.hosts().stream().filter(host -> host != without).toList());
  }

  /** Waits until each of the endpoints answers a linearizable read. */
  private static void await(Lab lab, String what, List<URI> endpoints) {
    String tries =
        endpoints.stream()
            .map(endpoint -> "curl -fsS -m 2 -o /dev/null " + endpoint + "/health")
            .reduce((left, right) -> left + " && " + right)
            .orElseThrow();
    Ran ran =
        lab.run(
            Duration.ofSeconds(70),
            "timeout",
            "60",
            "sh",
            "-c",
            "until " + tries + "; do sleep 0.1; done");
    assertTrue(ran.succeeded(), () -> what + ": " + ran.err());
  }

  private static String bootId(LabHost host) {
    return host.run("cat", "/proc/sys/kernel/random/boot_id").orThrow();
  }
}
