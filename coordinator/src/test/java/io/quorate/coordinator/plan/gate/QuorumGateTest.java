package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Never fewer well voters than a quorum needs. */
class QuorumGateTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final Gate GATE = new QuorumGate();

  @Test
  void oneOfThreeMayStopWhileTheOthersAreWell() {
    assertOpen(GATE, Scenes.restart(WELL, "etcd-2"), THREE, WELL);
  }

  @Test
  void noSecondOfThreeStops() {
    for (Ailment ill : new Ailment[] {Ailment.DOWN, Ailment.SILENT, Ailment.UNWELL, Ailment.LOST}) {
      ClusterView view = ill.afflict(WELL, Scenes.name("etcd-3"));
      assertHeld(Code.Q3102, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
    }
  }

  @Test
  void stoppingTheOneThatIsDownTakesNothingAway() {
    ClusterView view = Ailment.DOWN.afflict(WELL, Scenes.name("etcd-3"));
    assertOpen(GATE, Scenes.restart(view, "etcd-3"), THREE, view);
  }

  @Test
  void aDisconnectedHostsMemberStillCounts() {
    ClusterView view = Ailment.AWAY.afflict(WELL, Scenes.name("etcd-3"));
    assertOpen(GATE, Scenes.restart(view, "etcd-2"), THREE, view);
  }

  @Test
  void aRemovalCountsTheSmallerCluster() {
    ClusterView dead = Ailment.LOST.afflict(WELL, Scenes.name("etcd-3"));
    assertOpen(GATE, Scenes.remove(dead, "etcd-3"), THREE, dead);
    assertHeld(Code.Q3102, GATE, Scenes.remove(dead, "etcd-2"), THREE, dead);
  }

  @Test
  void twoOfFiveMayBeMissingButNotThree() {
    ClusterSpec five = Scenes.spec("3.5.30", 1, 2, 3, 4, 5);
    ClusterView view = Ailment.DOWN.afflict(Scenes.running(five), Scenes.name("etcd-5"));
    assertOpen(GATE, Scenes.restart(view, "etcd-2"), five, view);
    ClusterView two = Ailment.LOST.afflict(view, Scenes.name("etcd-4"));
    assertHeld(Code.Q3102, GATE, Scenes.restart(two, "etcd-2"), five, two);
  }

  @Test
  void oneOrTwoNeedTheirOwnersWord() {
    for (int[] members : new int[][] {{1}, {1, 2}}) {
      ClusterSpec strict = Scenes.spec("3.5.30", members);
      ClusterView view = Scenes.running(strict);
      assertHeld(Code.Q3103, GATE, Scenes.restart(view, "etcd-1"), strict, view);
      ClusterSpec allowed = Scenes.spec("3.5.30", "allowDowntime: true\n", members);
      assertOpen(GATE, Scenes.restart(view, "etcd-1"), allowed, view);
    }
  }

  @Test
  void downtimeIsNeverAllowedToThree() {
    ClusterSpec allowed = Scenes.spec("3.5.30", "allowDowntime: true\n", 1, 2, 3);
    ClusterView view = Ailment.SILENT.afflict(WELL, Scenes.name("etcd-3"));
    assertHeld(Code.Q3102, GATE, Scenes.restart(view, "etcd-2"), allowed, view);
  }

  /** Whether its host has obeyed yet or not; and one that is down would not come back. */
  @Test
  void noSecondOfThreeIsToldToStop() {
    ClusterView told = told(WELL, "etcd-3");
    for (ClusterView view : List.of(told, Ailment.DOWN.afflict(told, Scenes.name("etcd-2")))) {
      assertHeld(Code.Q3102, GATE, stop(view, "etcd-2"), THREE, view);
    }
    assertOpen(GATE, stop(told, "etcd-3"), THREE, told);
    ClusterSpec five = Scenes.spec("3.5.30", 1, 2, 3, 4, 5);
    ClusterView large = told(Scenes.running(five), "etcd-3");
    assertOpen(GATE, stop(large, "etcd-2"), five, large);
  }

  private static Step stop(ClusterView view, String member) {
    ClusterView.Placement p = view.placements(Scenes.name(member)).getFirst();
    return new Step.Configure(
        Step.Purpose.STOP,
        new TreeMap<>(
            Map.of(
                p.host(), p.issued().orElseThrow().document().withRun(MemberConfig.Run.STOPPED))));
  }

  /** It runs on. */
  private static ClusterView told(ClusterView view, String member) {
    return Ailment.placements(
        view,
        view.placements().stream()
            .map(
                p ->
                    p.member().equals(Scenes.name(member))
                        ? new ClusterView.Placement(
                            p.member(),
                            p.host(),
                            p.issued()
                                .map(
                                    i ->
                                        new ClusterView.Issued(
                                            i.document().withRun(MemberConfig.Run.STOPPED),
                                            i.generation() + 1,
                                            i.at())),
                            p.seenGeneration(),
                            p.report())
                        : p)
            .toList());
  }

  @Test
  void theLastMemberIsNeverRemoved() {
    ClusterSpec one = Scenes.spec("3.5.30", "allowDowntime: true\n", 1);
    ClusterView view = Scenes.running(one);
    assertHeld(Code.Q3402, GATE, Scenes.remove(view, "etcd-1"), one, view);
  }
}
