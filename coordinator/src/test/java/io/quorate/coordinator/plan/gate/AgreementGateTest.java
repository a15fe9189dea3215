package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.plan.safety.Circumstance;
import io.quorate.coordinator.spec.ClusterSpec;
import org.junit.jupiter.api.Test;

/** Nobody is stopped while members disagree. */
class AgreementGateTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final Gate GATE = new AgreementGate();

  @Test
  void noLeaderOrTwoHoldAStop() {
    for (Circumstance what :
        new Circumstance[] {Circumstance.NO_LEADER, Circumstance.TWO_LEADERS}) {
      ClusterView view = what.of(WELL);
      assertHeld(Code.Q3008, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
      assertHeld(Code.Q3008, GATE, Scenes.add(4), THREE, view);
    }
  }

  @Test
  void twoListsHoldAStop() {
    ClusterView view = Circumstance.TWO_LISTS.of(WELL);
    assertHeld(Code.Q3013, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
    assertHeld(Code.Q3013, GATE, Scenes.promote(view, "etcd-2"), THREE, view);
  }

  @Test
  void whatIsDownAnywayMayBeTouched() {
    ClusterView view = Ailment.DOWN.afflict(Circumstance.NO_LEADER.of(WELL), Scenes.name("etcd-3"));
    assertOpen(GATE, Scenes.restart(view, "etcd-3"), THREE, view);
  }
}
