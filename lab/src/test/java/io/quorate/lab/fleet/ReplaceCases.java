package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.LabHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Members are replaced, alive, leading and dead, by command and by a spare. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ReplaceCases {
  private final MemberTrial trial;
  private final Fleet fleet;

  ReplaceCases(MemberTrial trial) {
    this.trial = trial;
    this.fleet = trial.fleet();
  }

  /** At the steps that change the cluster, the coordinator and both hosts' agents are killed. */
  @Test
  @Order(1)
  void theLeaderThroughKills() {
    String leader = trial.leader();
    LabHost old = trial.hostOf(leader);
    LabHost with = trial.free().getFirst();
    ClusterFile after = trial.with(old, with);
    trial.change(
        "the live leader",
        after,
        () -> {
          Set<String> killed =
              trial.atEachStep(
                  step -> step.startsWith("start ") || step.startsWith("remove "),
                  step -> {
                    fleet.agent(with).kill();
                    fleet.agent(old).kill();
                    trial.killCoordinator();
                  },
                  () ->
                      Proof.succeeded(
                          trial.begin("member", "replace", "prod", leader, "--with", with.name())));
          assertTrue(killed.size() >= 2, killed::toString);
        });
    MemberProof.retired(fleet, old, "prod");
    assertFalse(fleet.etcdctl(after, "member", "list").orThrow().contains(leader + ","));
  }

  @Test
  @Order(2)
  void aHostThatLostItsPower() {
    String leader = trial.leader();
    LabHost dead = trial.hostOf(leader);
    LabHost with = trial.free().getFirst();
    trial.change(
        "the leader on a host without power",
        trial.with(dead, with),
        () -> {
          dead.kill();
          Proof.succeeded(trial.run("member", "replace", "prod", leader, "--with", with.name()));
        });
    List<String> steps = MemberProof.steps(fleet, "prod");
    assertTrue(steps.stream().anyMatch(s -> s.contains("snapshot")), steps::toString);
    trial.comesBackForNothing(dead);
  }

  /** The disk of a member is gone while its host is there. */
  @Test
  @Order(3)
  void aMemberThatLostItsDiskIsReplacedWhereItIs() {
    String follower =
        trial.prod().hosts().stream()
            .map(h -> fleet.memberOn("prod", h))
            .filter(m -> !m.equals(trial.leader()))
            .findFirst()
            .orElseThrow();
    LabHost host = trial.hostOf(follower);
    trial.refused("Q1008", "member", "replace", "prod", follower, "--with", host.name());
    trial.change(
        "a lost disk",
        trial.prod().hosts().stream().filter(h -> !h.equals(host)).toList(),
        trial.prod(),
        () -> {
          host.run("sh", "-c", "rm -rf /var/lib/etcd/prod /var/lib/etcd/prod-wal").orThrow();
          host.run("systemctl", "kill", "--signal=KILL", "etcd@prod").orThrow();
          Await.until(
              "the agent says that its data is gone",
              MemberTrial.PATIENCE,
              () -> fleet.quorate("status", "prod").out().contains("Q2013"),
              () -> fleet.quorate("status", "prod").out());
          Proof.succeeded(trial.run("member", "replace", "prod", follower, "--with", host.name()));
        });
  }

  @Test
  @Tag("soak")
  @Order(4)
  void aSpareTakesTheHostOfOneThatIsGone() {
    LabHost spare = trial.free().getFirst();
    LabHost gone = trial.prod().hosts().getFirst();
    // What has become of the file by now, and two lines more.
    String file = fleet.quorate("file", "prod").orThrow();
    Path more = trial.lab().directory().resolve("spares.yaml");
    write(more, "%s\nspares: [%s]\nreplaceAfter: 15s\n".formatted(file, spare.name()));
    Proof.succeeded(trial.run("apply", "-f", more.toString()));
    trial.change(
        "a spare",
        trial.with(gone, spare),
        () -> {
          gone.kill();
          Await.until(
              "the spare takes over",
              MemberTrial.PATIENCE,
              () -> fleet.quorate("events", "prod").out().contains("the spare " + spare.name()),
              () -> fleet.quorate("events", "prod").out());
        });
    assertTrue(
        fleet.quorate("audit").out().contains("member replace"),
        () -> fleet.quorate("audit").out());
    trial.comesBackForNothing(gone);
  }

  private static void write(Path path, String text) {
    try {
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
