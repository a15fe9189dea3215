package io.quorate.coordinator.plan.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Effects;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Preview;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.plan.safety.Circumstance;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A member of the file that the cluster does not have. */
class GrowRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final ClusterSpec FOUR = Scenes.spec("3.5.30", 1, 2, 3, 4);
  private static final ClusterSpec REPLACED = Scenes.spec("3.5.30", 4, 2, 3);

  @Test
  void itsHostIsPreparedBeforeTheClusterIsChanged() {
    assertEquals(
        List.of(
            "prepare etcd-4: release, certificates, configuration; nothing is started",
            "add etcd-4 as a learner"),
        Scenes.words(Preview.of(FOUR, WELL)).subList(0, 2));
  }

  @Test
  void twoAttemptsAreEnough() {
    Intent once = Intents.gaveUp(WELL.intent(), Scenes.name("etcd-4"));
    assertTrue(Planner.next(FOUR, Scenes.with(WELL, once)) instanceof Decision.Act);
    Intent twice = Intents.gaveUp(once, Scenes.name("etcd-4"));
    assertEquals(List.of(Code.Q3401), Scenes.codes(Planner.next(FOUR, Scenes.with(WELL, twice))));
  }

  @Test
  void aDeadVoterThatIsReplacedGoesFirstButNotBeforeItIsConfirmed() {
    ClusterView prepared = Scenes.after(1, REPLACED, WELL);
    ClusterView just = Ailment.JUST_DOWN.afflict(prepared, Scenes.name("etcd-1"));
    assertEquals(List.of(Code.Q3020), Scenes.codes(Planner.next(REPLACED, just)));
    ClusterView dead =
        Circumstance.led(
            Ailment.LOST.afflict(prepared, Scenes.name("etcd-1")), Scenes.id(WELL, "etcd-2"));
    assertEquals("save a snapshot from etcd-3", Scenes.word(Planner.next(REPLACED, dead)));
    assertEquals(
        "remove etcd-1 from the cluster",
        Scenes.word(Planner.next(REPLACED, Scenes.saved(REPLACED, dead))));
  }

  @Test
  void anUnwellLeaderIsRelievedBeforeItIsRemoved() {
    ClusterView prepared = Scenes.after(1, REPLACED, WELL);
    ClusterView view =
        Ailment.UNWELL.afflict(
            Circumstance.led(prepared, Scenes.id(WELL, "etcd-1")), Scenes.name("etcd-1"));
    Decision.Wait wait =
        assertInstanceOf(Decision.Wait.class, Planner.next(REPLACED, Scenes.saved(REPLACED, view)));
    assertInstanceOf(Step.MoveLeader.class, wait.wanted().orElseThrow());
  }

  @Test
  void thereIsRoomForOneMemberOfAClusterOnAHost() {
    ClusterSpec renamed = Scenes.placed("3.5.30", "etcd-9@1", "etcd-2@2", "etcd-3@3");
    assertEquals(List.of(Code.Q1008), Scenes.codes(Planner.next(renamed, WELL)));
  }

  @Test
  void whoHasLeftTheClusterMakesRoom() {
    ClusterView removed = Effects.apply(WELL, Scenes.remove(WELL, "etcd-3"));
    ClusterSpec renamed = Scenes.placed("3.5.30", "etcd-1@1", "etcd-2@2", "etcd-9@3");
    assertEquals(
        List.of(
            "stop etcd-3 for good and set its data aside",
            "forget etcd-3 on node-3",
            "prepare etcd-9: release, certificates, configuration; nothing is started"),
        Scenes.words(Preview.of(renamed, removed)).subList(0, 3));
  }

  @Test
  void nobodyIsAddedDuringEtcdsOwnDowngrade() {
    ClusterView high = Scenes.running(Scenes.spec("3.6.11", 1, 2, 3));
    List<String> words = Scenes.words(Preview.of(FOUR, high));
    assertTrue(
        words.indexOf("add etcd-4 as a learner") < words.indexOf("enable the downgrade to 3.5")
            || words.indexOf("add etcd-4 as a learner")
                > words.lastIndexOf("restart etcd-1 with the change"),
        words::toString);
  }
}
