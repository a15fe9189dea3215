package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.LabHost;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Somebody changes things on the hosts by hand. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class DriftCases {
  private static final Duration SECONDS = Duration.ofSeconds(30);
  private static final String HOME = "/etc/etcd/faults/";
  private static final String DROP_IN = "/etc/systemd/system/etcd@faults.service.d/quorate.conf";

  private final Trial trial;
  private final Fleet fleet;

  DriftCases(Trial trial) {
    this.trial = trial;
    this.fleet = trial.fleet();
  }

  @Test
  @Order(1)
  void editedFilesAreNoticedToldAndPutRightWithoutARestart() {
    SortedMap<String, String> before = trial.invocations();
    LabHost host = trial.host(1);
    String configuration = host.run("cat", HOME + "etcd.yaml").orThrow();
    String definition = host.run("cat", DROP_IN).orThrow();
    String release = host.run("readlink", HOME + "release").orThrow();
    edit(host, HOME + "etcd.yaml", "snapshot-count: 7");
    edit(host, DROP_IN, "Nice=19");
    host.run("ln", "-sfn", "/usr/local/bin", HOME + "release").orThrow();
    host.run("systemctl", "disable", trial.unit()).orThrow();

    awaitFindings("etcd.yaml of etcd-h1", "service of etcd-h1", "release of etcd-h1");
    awaitEqual(configuration, host, "cat", HOME + "etcd.yaml");
    awaitEqual(definition, host, "cat", DROP_IN);
    awaitEqual(release, host, "readlink", HOME + "release");
    awaitEqual("enabled", host, "systemctl", "is-enabled", trial.unit());
    assertEquals(List.of(), trial.touched(before));
    assertTrue(trial.events().contains("Q2105"), trial::events);
  }

  @Test
  @Order(2)
  void aKeyThatOthersCanReadIsReplaced() {
    LabHost host = trial.host(2);
    SortedMap<String, String> before = trial.invocations();
    String directory = host.run("readlink", HOME + "tls").orThrow();
    host.run("sh", "-c", "chmod 0644 %stls/*key*".formatted(HOME)).orThrow();
    awaitFindings("certificates of etcd-h2");
    Await.until(
        "there are new ones",
        SECONDS,
        () -> !host.run("readlink", HOME + "tls").orThrow().equals(directory),
        trial::picture);
    assertEquals(List.of(), trial.touched(before));
  }

  @Test
  @Order(3)
  void aStoppedMemberIsStartedAgain() {
    LabHost host = trial.host(3);
    host.run("systemctl", "stop", trial.unit()).orThrow();
    awaitFindings("service of etcd-h3: stopped");
    Await.until(
        "it runs",
        SECONDS,
        () -> trial.property(host, "ActiveState").equals("active"),
        trial::picture);
    trial.settled(trial.base());
  }

  /** Started from an edited configuration, it runs with something that nobody declared. */
  @Test
  @Order(4)
  void aProcessWithAnotherSettingIsRestartedThroughTheGates() {
    LabHost host = trial.host(1);
    long began = Trial.now(host);
    // Held, or it would put the file right before etcd has read it.
    host.run("systemctl", "stop", "quorate-agent").orThrow();
    edit(host, HOME + "etcd.yaml", "max-txn-ops: 77");
    host.run("systemctl", "restart", trial.unit()).orThrow();
    host.run("systemctl", "start", "quorate-agent").orThrow();
    fleet.awaitConnected(List.of(host));
    trial.await(
        "it was restarted once more",
        () ->
            trial.starts(host, began) == 2
                && !host.run("cat", HOME + "etcd.yaml").orThrow().contains("max-txn-ops: 77"));
    trial.settled(trial.base());
    assertTrue(trial.events().contains("started from something else"), trial::events);
    assertEquals(2, trial.starts(host, began));
  }

  @Test
  @Order(5)
  void whereItIsOnlyToBeReportedNothingIsTouched() {
    trial.reach(trial.base().with("drift", "report"));
    LabHost host = trial.host(2);
    edit(host, HOME + "etcd.yaml", "# a note of mine");
    awaitFindings("etcd.yaml of etcd-h2: edited");
    host.run("systemctl", "stop", trial.unit()).orThrow();
    awaitFindings("service of etcd-h2: stopped");
    assertEquals("inactive", trial.property(host, "ActiveState"));
    assertTrue(host.run("cat", HOME + "etcd.yaml").orThrow().contains("a note of mine"));
    // Its owner changes their mind.
    Proof.succeeded(fleet.applyDetached(trial.base()));
    trial.settled(trial.base());
    Await.until(
        "the file is put right",
        SECONDS,
        () -> !host.run("cat", HOME + "etcd.yaml").orThrow().contains("a note of mine"),
        trial::picture);
  }

  private static void edit(LabHost host, String file, String line) {
    host.run("sh", "-c", "echo '%s' >> %s".formatted(line, file)).orThrow();
  }

  private void awaitFindings(String... sentences) {
    Await.until(
        "noticed: " + String.join(", ", sentences),
        SECONDS,
        () -> {
          String findings =
              Trial.objects(trial.status().getJsonArray("findings")).stream()
                  .filter(f -> f.getString("code").equals("Q2105"))
                  .map(JsonObject::encode)
                  .toList()
                  .toString();
          return List.of(sentences).stream().allMatch(findings::contains);
        },
        trial::picture);
  }

  private void awaitEqual(String wanted, LabHost host, String... command) {
    Await.until(
        String.join(" ", command) + " says what it said before",
        SECONDS,
        () -> host.run(command).out().stripTrailing().equals(wanted),
        trial::picture);
  }
}
