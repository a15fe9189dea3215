package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.plan.safety.InFlight;
import io.quorate.coordinator.spec.ClusterSpec;
import org.junit.jupiter.api.Test;

/** Nobody stops while another may stop at any moment. */
class OutstandingGateTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final Gate GATE = new OutstandingGate();

  @Test
  void aHostThatHasNotObeyedYetMayDoSoAtAnyMoment() {
    for (InFlight how : new InFlight[] {InFlight.SENT, InFlight.REFUSED, InFlight.STUCK}) {
      ClusterView view = how.of(WELL, Scenes.restart(WELL, "etcd-3"));
      assertHeld(Code.Q3002, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
      assertHeld(Code.Q3002, GATE, Scenes.remove(view, "etcd-2"), THREE, view);
    }
  }

  @Test
  void alsoOneThatIsAway() {
    ClusterView sent = InFlight.SENT.of(WELL, Scenes.restart(WELL, "etcd-3"));
    ClusterView view = Ailment.AWAY.afflict(sent, Scenes.name("etcd-3"));
    assertHeld(Code.Q3002, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
  }

  @Test
  void itsOwnDocumentMayBeReplaced() {
    ClusterView view = InFlight.REFUSED.of(WELL, Scenes.restart(WELL, "etcd-3"));
    assertOpen(GATE, Scenes.stop(view, "etcd-3"), THREE, view);
  }

  @Test
  void whatStopsNothingOnTheOtherHostHoldsNobody() {
    ClusterView view = Ailment.BUSY.afflict(WELL, Scenes.name("etcd-3"));
    assertOpen(GATE, Scenes.restart(view, "etcd-2"), THREE, view);
  }
}
