package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.lab.LabHost;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A member goes to another host with its id and its data, interrupted or not. */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MoveTest {
  private static final String MOVED = "etcd-h1";
  private static final List<String> OF_THE_OLD = List.of("after-stop", "before-upload");
  private static final List<String> OF_THE_NEW = List.of("after-place-data");

  private static MemberTrial trial;
  private static Fleet fleet;

  @BeforeAll
  static void up() {
    trial = MemberTrial.up(4, 3);
    fleet = trial.fleet();
  }

  @AfterAll
  static void down() {
    trial.down();
  }

  @Test
  @Order(1)
  void itKeepsItsIdAndItsData() {
    LabHost old = trial.hostOf(MOVED);
    LabHost to = trial.free().getFirst();
    String id = id();
    trial.change(
        "a move",
        trial.with(old, to),
        () -> Proof.succeeded(trial.run("member", "move", "prod", MOVED, "--to", to.name())));
    assertEquals(id, id());
    MemberProof.retired(fleet, old, "prod");
  }

  /** Where it was before, with a copy of what it has now; the coordinator and both agents crash. */
  @Test
  @Order(2)
  void itComesBackThroughCrashes() {
    LabHost old = trial.hostOf(MOVED);
    LabHost home = trial.lab().host(1);
    String id = id();
    fleet.agent(old).crashAt(OF_THE_OLD);
    fleet.agent(home).crashAt(OF_THE_NEW);
    fleet.awaitConnected(trial.lab().hosts());
    trial.change(
        "a move through crashes",
        trial.with(old, home),
        () -> {
          trial.begunAt("stop " + MOVED, () -> move(home));
          trial.killCoordinator();
        });
    assertEquals(id, id());
    assertEquals(List.of(), fleet.agent(old).notCrashedAt(OF_THE_OLD));
    assertEquals(List.of(), fleet.agent(home).notCrashedAt(OF_THE_NEW));
    MemberProof.retired(fleet, old, "prod");
  }

  /** Its old host is named again when it was already stopped there. */
  @Test
  @Order(3)
  void itReturnsWhenItsOwnerChangesHisMind() {
    LabHost target = trial.free().getFirst();
    String id = id();
    ClusterFile as = trial.prod();
    trial.change(
        "a return",
        as,
        () -> {
          trial.begunAt("stop " + MOVED, () -> move(target));
          fleet.agent(target).stop();
          Proof.succeeded(fleet.quorate("rollout", "pause", "prod"));
          Proof.succeeded(fleet.applyDetached(as));
          fleet.agent(target).start();
        });
    assertEquals(id, id());
    assertEquals(
        "", target.run("sh", "-c", "systemctl is-active etcd@prod | grep -x active").out());
  }

  private static void move(LabHost to) {
    Proof.succeeded(trial.begin("member", "move", "prod", MOVED, "--to", to.name()));
  }

  private static String id() {
    return MemberProof.idOf(fleet, trial.prod(), MOVED);
  }
}
