package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.safety.Circumstance;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An old observation decides nothing. */
class FreshnessGateTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final Gate GATE = new FreshnessGate();

  @Test
  void aMinuteIsTooOld() {
    ClusterView view = Circumstance.STALE.of(WELL);
    assertHeld(Code.Q3001, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
    assertHeld(Code.Q3001, GATE, Scenes.add(4), THREE, view);
  }

  @Test
  void upToItsLimitItIsFresh() {
    assertOpen(GATE, Scenes.add(4), THREE, later(FreshnessGate.OLD));
    assertHeld(Code.Q3001, GATE, Scenes.add(4), THREE, later(FreshnessGate.OLD.plusMillis(1)));
  }

  private static ClusterView later(Duration by) {
    return new ClusterView(
        WELL.etcd().asked().plus(by),
        WELL.intent(),
        WELL.placements(),
        WELL.etcd(),
        WELL.hosts(),
        WELL.catalogue(),
        WELL.operations());
  }
}
