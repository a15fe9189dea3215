package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.spec.ClusterSpec;
import org.junit.jupiter.api.Test;

/** The others must have what the leader has. */
class SyncGateTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final Gate GATE = new SyncGate();

  @Test
  void nobodyStopsWhileAnotherIsFarBehind() {
    ClusterView view = Ailment.LAGGING.afflict(WELL, Scenes.name("etcd-3"));
    assertHeld(Code.Q3004, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
    assertHeld(
        Code.Q3004,
        GATE,
        new Step.MoveLeader(
            Scenes.name("etcd-1"), Scenes.name("etcd-3"), Scenes.id(view, "etcd-3")),
        THREE,
        view);
  }

  @Test
  void theOneThatIsBehindMayItselfBeTouched() {
    ClusterView view = Ailment.LAGGING.afflict(WELL, Scenes.name("etcd-3"));
    assertOpen(GATE, Scenes.restart(view, "etcd-3"), THREE, view);
  }

  @Test
  void howFarIsTheOwnersChoice() {
    ClusterSpec lenient = Scenes.spec("3.5.30", "rollout: {maximumLag: 60000}\n", 1, 2, 3);
    ClusterView view = Ailment.LAGGING.afflict(WELL, Scenes.name("etcd-3"));
    assertOpen(GATE, Scenes.restart(view, "etcd-2"), lenient, view);
  }
}
