package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.spec.ClusterSpec;
import org.junit.jupiter.api.Test;

/** Whoever is to do something must be listening. */
class ConnectedGateTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final Gate GATE = new ConnectedGate();

  @Test
  void aHostThatIsAwayIsToldNothing() {
    ClusterView view = Ailment.AWAY.afflict(WELL, Scenes.name("etcd-2"));
    assertHeld(Code.Q3003, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
    assertHeld(
        Code.Q3003,
        GATE,
        new Step.SaveSnapshot(Scenes.name("etcd-2"), HostName.of("node-2")),
        THREE,
        view);
    assertHeld(
        Code.Q3003,
        GATE,
        new Step.ExportData(Scenes.name("etcd-2"), HostName.of("node-2"), "prod-token"),
        THREE,
        view);
  }

  @Test
  void othersAreNotHeldUpByIt() {
    ClusterView view = Ailment.AWAY.afflict(WELL, Scenes.name("etcd-2"));
    assertOpen(GATE, Scenes.restart(view, "etcd-3"), THREE, view);
    assertOpen(GATE, Scenes.remove(view, "etcd-2"), THREE, view);
  }

  @Test
  void aRecoveryFencesOneThatIsAway() {
    ClusterView away = Ailment.AWAY.afflict(WELL, Scenes.name("etcd-2"));
    ClusterView view =
        new ClusterView(
            away.now(),
            Intents.declared("again", "ada", away.now()),
            away.placements(),
            away.etcd(),
            away.hosts(),
            away.catalogue(),
            away.operations());
    assertOpen(GATE, Scenes.stop(view, "etcd-2"), THREE, view);
    assertHeld(Code.Q3003, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
  }
}
