package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A changed member must have been well for a while before the next one stops. */
class SoakGateTest {
  private static final ClusterSpec THREE =
      Scenes.spec("3.5.30", "rollout: {soak: 30s, canary: etcd-3, canarySoak: 10m}\n", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);
  private static final Gate GATE = new SoakGate();

  @Test
  void theNextWaitsUntilTheLastHasSoaked() {
    ClusterView view = started("etcd-1", 20, 19);
    assertHeld(Code.Q3005, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
    ClusterView later = started("etcd-1", 40, 31);
    assertOpen(GATE, Scenes.restart(later, "etcd-2"), THREE, later);
  }

  @Test
  void itCountsFromWhenItWasWellNotFromItsStart() {
    ClusterView view = started("etcd-1", 40, 5);
    assertHeld(Code.Q3005, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
  }

  @Test
  void theCanaryHasItsOwnTime() {
    ClusterView view = started("etcd-3", 120, 119);
    assertHeld(Code.Q3005, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
    ClusterView other = started("etcd-1", 120, 119);
    assertOpen(GATE, Scenes.restart(other, "etcd-2"), THREE, other);
  }

  @Test
  void theOneThatIsStoppedNeedNotSoak() {
    ClusterView view = started("etcd-2", 3, 2);
    assertOpen(GATE, Scenes.restart(view, "etcd-2"), THREE, view);
  }

  @Test
  void whatRanForADayHasSoakedThoughWatchingBeganJustNow() {
    ClusterView view = started("etcd-1", 86_400, 1);
    assertOpen(GATE, Scenes.restart(view, "etcd-2"), THREE, view);
  }

  private static ClusterView started(String member, int secondsAgo, int wellFor) {
    Instant started = WELL.now().minusSeconds(secondsAgo);
    ClusterView ran =
        Ailment.placements(
            WELL,
            WELL.placements().stream()
                .map(p -> p.member().value().equals(member) ? ran(p, started) : p)
                .toList());
    return Ailment.etcd(
        ran,
        ran.etcd().endpoints().stream()
            .map(
                e ->
                    new EtcdView.Endpoint(
                        e.member(),
                        e.status(),
                        true,
                        WELL.now()
                            .minus(
                                e.member().value().equals(member)
                                    ? Duration.ofSeconds(wellFor)
                                    : Duration.ofDays(1))))
            .toList());
  }

  private static Placement ran(Placement p, Instant started) {
    HostReport.Member r = p.report().orElseThrow();
    HostReport.Running was = r.unit().running();
    HostReport.Unit unit =
        new HostReport.Unit(
            r.unit().state(),
            r.unit().enabled(),
            r.unit().restarts(),
            new HostReport.Running(
                was.pid(),
                started,
                was.executableSha256(),
                was.executableVersion(),
                was.fingerprint()),
            r.unit().failure());
    return Held.reported(p, r, unit, r.certificates());
  }
}
