package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.LabHost;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The coordinator and agents are killed at every step of a move and of a replacement, of a live
 * member and of a dead one, and agents before and after everything durable that they do. Too long
 * for every build.
 */
@Tag("lab")
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MemberKillsSoakTest {
  /** Of the host that a member leaves, in a move. */
  private static final List<String> LEAVING =
      around("journal", "stop", "disable", "pack-data", "upload", "outcome", "set-aside-data");

  /** Of the host that it comes to, which has never had a member. */
  private static final List<String> ARRIVING =
      around(
          "journal",
          "directories",
          "download",
          "unpack",
          "place-release",
          "make-keys",
          "switch-certificates",
          "define-service",
          "write-configuration",
          "switch-release",
          "write-environment",
          "seed",
          "place-data",
          "place-wal",
          "stamp",
          "remember",
          "start",
          "enable");

  private static MemberTrial trial;
  private static Fleet fleet;

  @BeforeAll
  static void up() {
    trial = MemberTrial.up(5, 3);
    fleet = trial.fleet();
  }

  @AfterAll
  static void down() {
    trial.down();
  }

  private static List<String> around(String... steps) {
    return Stream.of(steps).flatMap(s -> Stream.of("before-" + s, "after-" + s)).toList();
  }

  @Test
  @Order(1)
  void agentsDieAroundEverythingDurableOfAMove() {
    LabHost old = trial.prod().hosts().getFirst();
    LabHost with = trial.free().getFirst();
    fleet.agent(old).crashAt(LEAVING);
    fleet.agent(with).crashAt(ARRIVING);
    fleet.awaitConnected(List.of(old, with));
    moved(
        "agents die around all of a move",
        old,
        with,
        member ->
            // An agent that dies over a preflight check fails it; the next attempt finds it alive.
            Await.until(
                "the move is taken",
                MemberTrial.PATIENCE,
                () ->
                    trial.begin("member", "move", "prod", member, "--to", with.name()).succeeded(),
                () -> fleet.quorate("host", "list").out()));
    assertEquals(List.of(), fleet.agent(old).notCrashedAt(LEAVING));
    assertEquals(List.of(), fleet.agent(with).notCrashedAt(ARRIVING));
  }

  @Test
  @Order(2)
  void theCoordinatorDiesAtEveryStepOfAMove() {
    LabHost old = trial.prod().hosts().getFirst();
    LabHost with = trial.free().getFirst();
    moved(
        "the coordinator dies at every step of a move",
        old,
        with,
        member ->
            killed(
                6,
                step -> trial.killCoordinator(),
                "member",
                "move",
                "prod",
                member,
                "--to",
                with.name()));
  }

  @Test
  @Order(3)
  void agentsDieAtEveryStepOfAMove() {
    LabHost old = trial.prod().hosts().getFirst();
    LabHost with = trial.free().getFirst();
    moved(
        "agents die at every step of a move",
        old,
        with,
        member ->
            killed(
                6,
                step -> killAgents(old, with),
                "member",
                "move",
                "prod",
                member,
                "--to",
                with.name()));
  }

  @Test
  @Order(4)
  void theCoordinatorDiesAtEveryStepOfAReplacement() {
    LabHost old = trial.hostOf(trial.leader());
    LabHost with = trial.free().getFirst();
    replaced(
        "the coordinator dies at every step of a replacement",
        old,
        with,
        false,
        step -> trial.killCoordinator());
  }

  @Test
  @Order(5)
  void agentsDieAtEveryStepOfAReplacement() {
    LabHost old = trial.hostOf(trial.leader());
    LabHost with = trial.free().getFirst();
    replaced(
        "agents die at every step of a replacement",
        old,
        with,
        false,
        step -> killAgents(old, with));
  }

  @Test
  @Order(6)
  void theCoordinatorDiesAtEveryStepOfTheReplacementOfADeadOne() {
    LabHost old = trial.hostOf(trial.leader());
    LabHost with = trial.free().getFirst();
    replaced(
        "the coordinator dies at every step of the replacement of a dead one",
        old,
        with,
        true,
        step -> trial.killCoordinator());
  }

  @Test
  @Order(7)
  void agentsDieAtEveryStepOfTheReplacementOfADeadOne() {
    LabHost old = trial.hostOf(trial.leader());
    LabHost with = trial.free().getFirst();
    replaced(
        "agents die at every step of the replacement of a dead one",
        old,
        with,
        true,
        step ->
            trial.lab().hosts().stream()
                .filter(h -> !h.equals(old))
                .forEach(h -> fleet.agent(h).kill()));
  }

  private static void killAgents(LabHost... hosts) {
    for (LabHost host : hosts) {
      fleet.agent(host).kill();
    }
  }

  private static void moved(String what, LabHost old, LabHost with, Consumer<String> move) {
    String member = fleet.memberOn("prod", old);
    String id = MemberProof.idOf(fleet, trial.prod(), member);
    trial.change(what, trial.with(old, with), () -> move.accept(member));
    assertEquals(id, MemberProof.idOf(fleet, trial.prod(), member));
    MemberProof.retired(fleet, old, "prod");
  }

  private static void replaced(
      String what, LabHost old, LabHost with, boolean dead, Consumer<String> kill) {
    String member = fleet.memberOn("prod", old);
    trial.change(
        what,
        trial.with(old, with),
        () -> {
          if (dead) {
            old.kill();
          }
          killed(5, kill, "member", "replace", "prod", member, "--with", with.name());
        });
    if (dead) {
      trial.comesBackForNothing(old);
    } else {
      MemberProof.retired(fleet, old, "prod");
    }
  }

  private static void killed(int least, Consumer<String> kill, String... words) {
    Await.until(
        "every agent that can be is there again",
        MemberTrial.PATIENCE,
        () ->
            trial.lab().hosts().stream()
                .filter(h -> h.run("true").succeeded())
                .allMatch(MemberKillsSoakTest::connected),
        () -> fleet.quorate("host", "list").out());
    Set<String> steps =
        trial.atEachStep(step -> true, kill, () -> Proof.succeeded(trial.begin(words)));
    assertTrue(steps.size() >= least, steps::toString);
  }

  private static boolean connected(LabHost host) {
    return fleet.json("host", "describe", host.name()).getString("state").equals("connected");
  }
}
