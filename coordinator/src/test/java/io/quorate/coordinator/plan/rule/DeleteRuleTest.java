package io.quorate.coordinator.plan.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Preview;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.plan.safety.InFlight;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A cluster that is to go. */
class DeleteRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final ClusterView DELETING =
      Scenes.with(
          WELL,
          Intents.withControl(
              WELL.intent(),
              new Intent.Control(Intent.Mode.DELETING, "ada", "", List.of(), false, WELL.now())));

  private static final String FOLLOWERS = "stop etcd-2, etcd-3 for good and set its data aside";
  private static final String LEADER = "stop etcd-1 for good and set its data aside";

  /** It would hand over to one that is going as well, and etcd waits seconds for that. */
  @Test
  void theLeaderRetiresAfterTheOthersAndAllAreForgottenOneByOne() {
    Preview preview = Preview.of(THREE, DELETING);
    assertEquals(
        List.of(
            FOLLOWERS,
            LEADER,
            "forget etcd-2 on node-2",
            "forget etcd-3 on node-3",
            "forget etcd-1 on node-1"),
        Scenes.words(preview));
    assertInstanceOf(Decision.Done.class, preview.end());
  }

  @Test
  void theLeaderStaysUntilTheOthersHaveStopped() {
    for (InFlight how : new InFlight[] {InFlight.SENT, InFlight.HALF_WAY}) {
      assertEquals(
          List.of(Code.Q3002),
          Scenes.codes(Planner.next(THREE, how.of(DELETING, retirement(DELETING)))));
    }
  }

  @Test
  void theLeaderDoesNotWaitForWhoCannotOrIsAway() {
    ClusterView refused = InFlight.REFUSED.of(DELETING, retirement(DELETING));
    assertEquals(LEADER, Scenes.word(Planner.next(THREE, refused)));
    ClusterView sent = InFlight.SENT.of(DELETING, retirement(DELETING));
    ClusterView away =
        Ailment.LOST.afflict(
            Ailment.LOST.afflict(sent, Scenes.name("etcd-2")), Scenes.name("etcd-3"));
    assertEquals(LEADER, Scenes.word(Planner.next(THREE, away)));
  }

  @Test
  void withoutALeaderAllRetireTogether() {
    ClusterView view = Scenes.silent(Scenes.silent(Scenes.silent(DELETING, 1), 2), 3);
    assertEquals(
        "stop etcd-1, etcd-2, etcd-3 for good and set its data aside",
        Scenes.word(Planner.next(THREE, view)));
  }

  @Test
  void aMemberThatStillRunsIsNotForgotten() {
    ClusterView alone = Scenes.after(1, THREE, DELETING);
    for (InFlight how : new InFlight[] {InFlight.SENT, InFlight.REFUSED}) {
      assertEquals(
          List.of(Code.Q3002), Scenes.codes(Planner.next(THREE, how.of(alone, retirement(alone)))));
    }
  }

  @Test
  void neitherAnUnwellMemberNorAHostThatIsAwayKeepsItFromBeginning() {
    for (Ailment ill : Ailment.values()) {
      ClusterView view = ill.afflict(DELETING, Scenes.name("etcd-2"));
      assertEquals(FOLLOWERS, Scenes.word(Planner.next(THREE, view)), ill.name());
    }
  }

  private static Step.Configure retirement(ClusterView view) {
    return assertInstanceOf(
        Step.Configure.class,
        assertInstanceOf(Decision.Act.class, Planner.next(THREE, view)).step());
  }
}
