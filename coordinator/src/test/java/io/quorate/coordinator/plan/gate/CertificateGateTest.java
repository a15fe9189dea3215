package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Certificates must outlive what is begun. */
class CertificateGateTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);
  private static final Gate GATE = new CertificateGate();

  @Test
  void nobodyStopsWhileAnyMembersCertificateIsAboutToEnd() {
    ClusterView view = ending("etcd-3", Duration.ofMinutes(59));
    assertHeld(Code.Q3015, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
  }

  @Test
  void oneThatLastsHoldsNobody() {
    ClusterView view = ending("etcd-3", Duration.ofMinutes(61));
    assertOpen(GATE, Scenes.restart(view, "etcd-2"), THREE, view);
  }

  @Test
  void whatStopsNobodyIsNotHeld() {
    ClusterView view = ending("etcd-3", Duration.ofMinutes(1));
    assertOpen(GATE, Scenes.add(4), THREE, view);
  }

  private static ClusterView ending(String member, Duration left) {
    return Ailment.placements(
        WELL,
        WELL.placements().stream()
            .map(
                p ->
                    p.member().value().equals(member)
                        ? Held.reported(
                            p,
                            p.report().orElseThrow(),
                            p.report().orElseThrow().unit(),
                            List.of(
                                new HostReport.Certificate("peer", "01", WELL.now().plus(left))))
                        : p)
            .toList());
  }
}
