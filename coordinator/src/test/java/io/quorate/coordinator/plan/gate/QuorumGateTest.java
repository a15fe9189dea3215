package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.spec.ClusterSpec;
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

  @Test
  void theLastMemberIsNeverRemoved() {
    ClusterSpec one = Scenes.spec("3.5.30", "allowDowntime: true\n", 1);
    ClusterView view = Scenes.running(one);
    assertHeld(Code.Q3402, GATE, Scenes.remove(view, "etcd-1"), one, view);
  }
}
