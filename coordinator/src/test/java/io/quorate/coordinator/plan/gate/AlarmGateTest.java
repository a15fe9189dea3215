package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.plan.safety.Circumstance;
import io.quorate.coordinator.spec.ClusterSpec;
import org.junit.jupiter.api.Test;

/** An alarm is mended before anything is changed. */
class AlarmGateTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final Gate GATE = new AlarmGate();

  @Test
  void anAlarmHoldsStopsAndMembership() {
    ClusterView view = Circumstance.ALARM.of(WELL);
    assertHeld(Code.Q3009, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
    assertHeld(Code.Q3009, GATE, Scenes.add(4), THREE, view);
    assertHeld(Code.Q3009, GATE, Scenes.promote(view, "etcd-2"), THREE, view);
  }

  @Test
  void itHoldsNothingElse() {
    ClusterView view = Circumstance.ALARM.of(WELL);
    assertOpen(
        GATE, new Step.SaveSnapshot(Scenes.name("etcd-1"), HostName.of("node-1")), THREE, view);
  }
}
