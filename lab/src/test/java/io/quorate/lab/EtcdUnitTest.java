package io.quorate.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged unit runs every etcd under its hardening, and ends a crash loop. */
@Tag("lab")
class EtcdUnitTest {
  private static Lab lab;

  @BeforeAll
  static void up() {
    lab = Lab.up(1);
  }

  @AfterAll
  static void down() {
    lab.close();
  }

  @AfterEach
  void removeEtcd() {
    LabHost host = lab.host(1);
    host.run("systemctl", "stop", BareEtcd.UNIT).orThrow();
    host.run("systemctl", "reset-failed");
    host.run("rm", "-rf", "/etc/etcd/bare", "/var/lib/etcd/bare", "/srv/wal/bare").orThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.4", "3.5", "3.6", "3.7"})
  void runsEtcdHardened(String minor) {
    Optional<Releases.Archive> release = Releases.find(minor);
    assumeTrue(release.isPresent(), Releases.missing(minor));
    LabHost host = lab.host(1);
    List<URI> endpoints = BareEtcd.start(List.of(host), release.get());
    assertEquals("active", show("ActiveState"));
    assertEquals("etcd", processUser());

    try (WritingProcess writing = write(endpoints, "before")) {
      assertTrue(writing.finish().nothingLost());
    }
    String first = show("MainPID");
    host.run("systemctl", "restart", BareEtcd.UNIT).orThrow();
    assertNotEquals(first, show("MainPID"));
    try (WritingProcess writing = write(endpoints, "after")) {
      assertTrue(writing.finish().nothingLost());
    }
  }

  @Test
  void mayWriteOnlyItsDirectories() {
    BareEtcd.start(List.of(lab.host(1)), Releases.require("3.5"));
    String mounts = "/proc/" + show("MainPID") + "/mounts";
    List<String> writable =
        lab.host(1)
            .run("cat", mounts)
            .orThrow()
            .lines()
            .map(line -> line.split(" "))
            .filter(mount -> List.of(mount[3].split(",")).contains("rw"))
            .filter(mount -> mount[2].equals("overlay") || mount[2].equals("ext4"))
            // what systemd-nspawn itself puts there
            .filter(mount -> !mount[1].startsWith("/run/host/"))
            .map(mount -> mount[1])
            .sorted()
            .toList();
    assertEquals(List.of("/srv/wal/bare", "/var/lib/etcd/bare", "/var/tmp"), writable);
  }

  @Test
  void endsACrashLoop() {
    LabHost host = lab.host(1);
    BareEtcd.prepare(host, List.of(host), Releases.require("3.5"));
    host.write("/etc/etcd/bare/etcd.yaml", "name: [\n");
    assertFalse(host.run("systemctl", "start", BareEtcd.UNIT).succeeded());
    // Waits inside the host for the fifth restart to be refused; two seconds lie between starts.
    host.run(
            Duration.ofSeconds(60),
            "timeout",
            "50",
            "sh",
            "-c",
            "until systemctl is-failed -q " + BareEtcd.UNIT + "; do sleep 0.2; done")
        .orThrow();
    assertEquals("5", show("NRestarts"));
    assertFalse(host.run("systemctl", "start", BareEtcd.UNIT).succeeded());

    BareEtcd.prepare(host, List.of(host), Releases.require("3.5"));
    host.run("systemctl", "reset-failed", BareEtcd.UNIT).orThrow();
    host.run("systemctl", "start", BareEtcd.UNIT).orThrow();
  }

  private static WritingProcess write(List<URI> endpoints, String prefix) {
    return WritingProcess.start(
        lab, new WritingClient.Settings(endpoints, Optional.empty(), 200, false, prefix));
  }

  private static String processUser() {
    return lab.host(1).run("ps", "-o", "user=", "-p", show("MainPID")).orThrow();
  }

  private static String show(String property) {
    return lab.host(1).run("systemctl", "show", "-P", property, BareEtcd.UNIT).orThrow();
  }
}
