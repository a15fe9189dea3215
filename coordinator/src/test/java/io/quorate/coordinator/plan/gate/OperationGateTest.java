package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.safety.Circumstance;
import io.quorate.coordinator.spec.ClusterSpec;
import org.junit.jupiter.api.Test;

/** One thing at a time. */
class OperationGateTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final Gate GATE = new OperationGate();

  @Test
  void nothingBeginsBesideAnOperation() {
    ClusterView view = Circumstance.OPERATION.of(WELL);
    assertHeld(Code.Q3011, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
    assertHeld(Code.Q3011, GATE, Scenes.add(4), THREE, view);
  }

  @Test
  void afterItEverythingMay() {
    assertOpen(GATE, Scenes.restart(WELL, "etcd-2"), THREE, WELL);
  }
}
