package io.quorate.coordinator.plan.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Preview;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.plan.safety.InFlight;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A member moves with its id and its data, forth and back. */
class MoveRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final ClusterSpec MOVED = moved("etcd-2", 4);

  private static ClusterSpec moved(String member, int to) {
    return Scenes.spec(
        "3.5.30",
        "",
        java.util.stream.IntStream.rangeClosed(1, 3)
            .mapToObj(n -> Scenes.member("etcd-" + n, member.equals("etcd-" + n) ? to : n))
            .toList());
  }

  private static final List<String> WAY = Scenes.words(Preview.of(MOVED, WELL));

  @Test
  void itIsStoppedPackedReaddressedStartedAndThenRetired() {
    assertEquals(
        List.of(
            "prepare etcd-2: release, certificates, configuration; nothing is started",
            "stop etcd-2",
            "copy the data of etcd-2 off node-2",
            "tell the cluster that etcd-2 is at https://10.77.0.14:2380",
            "start etcd-2",
            "stop etcd-2 for good and set its data aside",
            "forget etcd-2 on node-2",
            "change etcd-2 without a restart"),
        WAY);
  }

  @Test
  void aHostThatRefusesToStopItIsWaitedFor() {
    ClusterView prepared = Scenes.after(1, MOVED, WELL);
    ClusterView view = InFlight.REFUSED.of(prepared, Scenes.stop(WELL, "etcd-2"));
    assertEquals(List.of(Code.Q2019), Scenes.codes(Planner.next(MOVED, view)));
  }

  @Test
  void backBeforeTheStartMeansRunningAgainWhereItWas() {
    for (int steps = 2; steps <= 3; steps++) {
      ClusterView view = Scenes.revised(Scenes.after(steps, MOVED, WELL), MOVED);
      assertEquals("start etcd-2", Scenes.word(Planner.next(THREE, view)), "after " + steps);
    }
    ClusterView readdressed = Scenes.revised(Scenes.after(4, MOVED, WELL), MOVED);
    assertEquals(
        "tell the cluster that etcd-2 is at https://10.77.0.12:2380",
        Scenes.word(Planner.next(THREE, readdressed)));
  }

  @Test
  void backAfterTheStartSetsTheOlderCopyAsideBeforeTheNewerIsBrought() {
    ClusterView view = Scenes.revised(Scenes.after(5, MOVED, WELL), MOVED);
    List<String> words = Scenes.words(Preview.of(THREE, view));
    assertTrue(
        words.indexOf("stop etcd-2 for good and set its data aside")
            < words.indexOf("copy the data of etcd-2 off node-4"),
        words::toString);
    assertInstanceOf(Decision.Done.class, Preview.of(THREE, view).end());
  }

  @Test
  void toAThirdHostFromWhereTheDataIs() {
    ClusterView view = Scenes.revised(Scenes.after(3, MOVED, WELL), MOVED);
    List<String> words = Scenes.words(Preview.of(moved("etcd-2", 5), view));
    assertTrue(words.stream().noneMatch(w -> w.contains("off node-4")), words::toString);
    assertInstanceOf(Decision.Done.class, Preview.of(moved("etcd-2", 5), view).end());
  }

  @Test
  void twoDoNotChangePlaces() {
    ClusterSpec swapped = Scenes.placed("3.5.30", "etcd-1@2", "etcd-2@1", "etcd-3@3");
    assertEquals(List.of(Code.Q3601), Scenes.codes(Planner.next(swapped, WELL)));
  }

  /** Its host refuses while the other is down: then the other is not stopped as well. */
  @Test
  void oneThatHasSetOutIsFinishedBeforeAnotherDoes() {
    ClusterSpec both = Scenes.placed("3.5.30", "etcd-1@5", "etcd-2@4", "etcd-3@3");
    ClusterView prepared = Scenes.after(1, MOVED, WELL);
    ClusterView view = InFlight.REFUSED.of(prepared, Scenes.stop(WELL, "etcd-2"));
    for (Ailment ill : List.of(Ailment.DOWN, Ailment.LOST)) {
      ClusterView down = ill.afflict(view, Scenes.name("etcd-1"));
      assertFalse(
          Scenes.word(Planner.next(both, down)).contains("stop etcd-1"),
          () -> Scenes.word(Planner.next(both, down)));
      assertTrue(Scenes.codes(Planner.next(both, down)).contains(Code.Q2019), ill::name);
    }
  }

  @Test
  void itIsNotStoppedWhileAnotherIsDown() {
    ClusterView prepared = Scenes.after(1, MOVED, WELL);
    ClusterView view = Ailment.JUST_DOWN.afflict(prepared, Scenes.name("etcd-3"));
    assertTrue(!(Planner.next(MOVED, view) instanceof Decision.Act));
  }
}
