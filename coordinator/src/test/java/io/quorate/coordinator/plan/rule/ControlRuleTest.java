package io.quorate.coordinator.plan.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.safety.Circumstance;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people said comes first. */
class ControlRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final ClusterSpec NEWER = Scenes.spec("3.5.16", 1, 2, 3);

  @Test
  void aPauseWaitsAndNamesWho() {
    Decision decision = Planner.next(NEWER, Circumstance.PAUSED.of(WELL));
    assertEquals(List.of(Code.Q3006), Scenes.codes(decision));
    assertEquals(
        "paused by ada",
        assertInstanceOf(Decision.Wait.class, decision).holds().getFirst().sentence());
  }

  @Test
  void anAbortRefusesUntilSomebodySaysOtherwise() {
    Decision decision = Planner.next(NEWER, Circumstance.ABORTED.of(WELL));
    assertInstanceOf(Decision.Refuse.class, decision);
    assertEquals(List.of(Code.Q3018), Scenes.codes(decision));
  }

  @Test
  void aFailureStaysAlsoWhenEverythingLooksWellAgain() {
    assertEquals(
        List.of(Code.Q3301), Scenes.codes(Planner.next(THREE, Circumstance.FAILED.of(WELL))));
  }
}
