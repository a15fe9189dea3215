package io.quorate.coordinator.plan.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A member that is to run and is not well. */
class FailedMemberRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final String ROLLBACK = "rollout: {onFailure: rollback}\n";
  private static final ClusterSpec BROKEN = Scenes.spec("3.5.16", ROLLBACK, 1, 2, 3);

  /** The first restart of the rollout has just ended badly. */
  private static ClusterView broken(ClusterSpec wanted) {
    ClusterView asked = Scenes.revised(WELL, THREE);
    ClusterView staged = Scenes.after(2, wanted, asked);
    Step.Configure restart =
        assertInstanceOf(
            Step.Configure.class,
            assertInstanceOf(Decision.Act.class, Planner.next(wanted, staged)).step());
    ClusterView ended = InFlight.ENDED.of(staged, restart);
    return Scenes.with(
        ended,
        Intents.withControl(
            ended.intent(),
            new Intent.Control(
                Intent.Mode.RUNNING,
                "ada",
                "",
                List.of(),
                false,
                ended.now().minus(Ailment.LONG.multipliedBy(2)))));
  }

  @Test
  void itIsGivenItsTime() {
    ClusterView silent = Ailment.SILENT.afflict(WELL, Scenes.name("etcd-2"));
    ClusterView fresh = Scenes.leftAlone(silent, Duration.ofMinutes(1));
    assertEquals(List.of(Code.Q3007), Scenes.codes(Planner.next(THREE, fresh)));
    ClusterView late = Scenes.leftAlone(silent, Duration.ofMinutes(3));
    assertEquals(List.of(Code.Q3301), Scenes.codes(Planner.next(THREE, late)));
  }

  @Test
  void lessWhenItsServiceManagerHasGivenUp() {
    ClusterView just = Ailment.JUST_DOWN.afflict(WELL, Scenes.name("etcd-2"));
    ClusterView reported = Scenes.leftAlone(just, Duration.ofMinutes(1));
    assertEquals(List.of(Code.Q3007), Scenes.codes(Planner.next(THREE, reported)));
    ClusterView down = Ailment.DOWN.afflict(WELL, Scenes.name("etcd-2"));
    ClusterView loop = Scenes.leftAlone(down, Duration.ofMinutes(1));
    assertEquals(List.of(Code.Q3301), Scenes.codes(Planner.next(THREE, loop)));
  }

  @Test
  void theDiagnosisIsInTheRefusal() {
    ClusterView view =
        Scenes.leftAlone(Ailment.DOWN.afflict(WELL, Scenes.name("etcd-2")), Duration.ofMinutes(3));
    Decision.Refuse refuse = assertInstanceOf(Decision.Refuse.class, Planner.next(THREE, view));
    assertTrue(
        refuse.reasons().getFirst().sentence().contains("etcd panicked"),
        refuse.reasons()::toString);
  }

  @Test
  void aRolloutThatBrokeItGoesBackWhenItsOwnerSaidSo() {
    Step.Note note =
        assertInstanceOf(
            Step.Note.class,
            assertInstanceOf(Decision.Act.class, Planner.next(BROKEN, broken(BROKEN))).step());
    assertInstanceOf(Step.Decided.TurnedBack.class, note.decided());
  }

  @Test
  void aHostThatIsNotHeardIsTheReasonBeforeItsMember() {
    ClusterSpec other = Scenes.spec("3.5.16", 1, 2, 3);
    ClusterView view = Scenes.revised(WELL, THREE);
    ClusterView lost = Ailment.LOST.afflict(view, Scenes.name("etcd-2"));
    assertEquals(List.of(Code.Q3003), Scenes.codes(Planner.next(other, lost)));
    ClusterView silent = Ailment.SILENT.afflict(view, Scenes.name("etcd-2"));
    assertEquals(List.of(Code.Q3007), Scenes.codes(Planner.next(other, silent)));
  }

  @Test
  void otherwiseItStops() {
    ClusterSpec pausing = Scenes.spec("3.5.16", 1, 2, 3);
    assertEquals(List.of(Code.Q3301), Scenes.codes(Planner.next(pausing, broken(pausing))));
  }

  @Test
  void itNeverTurnsBackTwice() {
    ClusterView view = broken(BROKEN);
    ClusterView turned =
        Scenes.with(
            view,
            Intents.withControl(
                view.intent(),
                new Intent.Control(
                    Intent.Mode.RUNNING,
                    "quorate",
                    "",
                    List.of(),
                    true,
                    view.intent().control().since())));
    assertEquals(List.of(Code.Q3301), Scenes.codes(Planner.next(BROKEN, turned)));
  }

  @Test
  void whatTheRolloutDidNotTouchDoesNotTurnItBack() {
    ClusterView view = Scenes.revised(WELL, THREE);
    ClusterView other = Ailment.DOWN.afflict(Scenes.after(6, BROKEN, view), Scenes.name("etcd-2"));
    ClusterView late = Scenes.leftAlone(other, Duration.ofMinutes(3));
    assertEquals(List.of(Code.Q3301), Scenes.codes(Planner.next(BROKEN, late)));
  }

  @Test
  void theOldDocumentMendsWhatTheNewOneBroke() {
    ClusterView view = Scenes.revised(broken(BROKEN), THREE);
    Preview preview = Preview.of(THREE, view);
    assertTrue(
        Scenes.words(preview).stream().anyMatch(w -> w.startsWith("restart etcd-2")),
        preview::toString);
    assertInstanceOf(Decision.Done.class, preview.end());
  }
}
