package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.spec.ClusterSpec;
import org.junit.jupiter.api.Test;

/** A change starts on a healthy cluster. */
class HealthGateTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final Gate GATE = new HealthGate();

  @Test
  void nobodyStopsWhileAnotherIsNotWell() {
    for (Ailment ill : new Ailment[] {Ailment.DOWN, Ailment.SILENT, Ailment.UNWELL, Ailment.LOST}) {
      ClusterView view = ill.afflict(WELL, Scenes.name("etcd-3"));
      assertHeld(Code.Q3007, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
      assertHeld(Code.Q3007, GATE, Scenes.remove(view, "etcd-2"), THREE, view);
    }
  }

  @Test
  void theUnwellOneItselfMayBeTouched() {
    ClusterView view = Ailment.UNWELL.afflict(WELL, Scenes.name("etcd-3"));
    assertOpen(GATE, Scenes.restart(view, "etcd-3"), THREE, view);
    assertOpen(GATE, Scenes.remove(view, "etcd-3"), THREE, view);
  }

  @Test
  void membershipAndLeadershipStayWhileOneIsNotWell() {
    ClusterView view = Ailment.DOWN.afflict(WELL, Scenes.name("etcd-3"));
    assertHeld(Code.Q3007, GATE, Scenes.add(4), THREE, view);
    assertHeld(Code.Q3007, GATE, Scenes.promote(view, "etcd-2"), THREE, view);
    assertHeld(
        Code.Q3007,
        GATE,
        new Step.MoveLeader(
            Scenes.name("etcd-1"), Scenes.name("etcd-2"), Scenes.id(view, "etcd-2")),
        THREE,
        view);
  }

  @Test
  void aMemberOnItsWayMayBeReaddressedWhileItIsDown() {
    ClusterView view = Ailment.DOWN.afflict(WELL, Scenes.name("etcd-3"));
    assertOpen(
        GATE,
        new Step.UpdatePeerUrl(
            Scenes.name("etcd-3"), Scenes.id(view, "etcd-3"), "https://10.77.0.14:2380"),
        THREE,
        view);
  }

  @Test
  void whatStopsNobodyIsNoneOfItsBusiness() {
    ClusterView view = Ailment.DOWN.afflict(WELL, Scenes.name("etcd-3"));
    assertOpen(
        GATE, new Step.SaveSnapshot(Scenes.name("etcd-1"), HostName.of("node-1")), THREE, view);
  }
}
