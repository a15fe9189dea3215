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

  @Test
  void allRetireTogetherAndAreForgottenOneByOne() {
    Preview preview = Preview.of(THREE, DELETING);
    assertEquals(
        List.of(
            "stop etcd-1, etcd-2, etcd-3 for good and set its data aside",
            "forget etcd-1 on node-1",
            "forget etcd-2 on node-2",
            "forget etcd-3 on node-3"),
        Scenes.words(preview));
    assertInstanceOf(Decision.Done.class, preview.end());
  }

  @Test
  void aMemberThatStillRunsIsNotForgotten() {
    Step.Configure retire =
        assertInstanceOf(
            Step.Configure.class,
            assertInstanceOf(Decision.Act.class, Planner.next(THREE, DELETING)).step());
    for (InFlight how : new InFlight[] {InFlight.SENT, InFlight.REFUSED}) {
      assertEquals(
          List.of(Code.Q3002), Scenes.codes(Planner.next(THREE, how.of(DELETING, retire))));
    }
  }

  @Test
  void neitherAnUnwellMemberNorAHostThatIsAwayKeepsItFromBeginning() {
    for (Ailment ill : Ailment.values()) {
      ClusterView view = ill.afflict(DELETING, Scenes.name("etcd-2"));
      assertEquals(
          "stop etcd-1, etcd-2, etcd-3 for good and set its data aside",
          Scenes.word(Planner.next(THREE, view)),
          ill.name());
    }
  }
}
