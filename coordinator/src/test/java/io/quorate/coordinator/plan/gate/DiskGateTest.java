package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.spec.ClusterSpec;
import org.junit.jupiter.api.Test;

/** Room for twice the database, and a disk that syncs in time. */
class DiskGateTest {
  private static final long GIB = 1L << 30;
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Disks.database(Scenes.running(THREE), GIB);
  private static final Gate GATE = new DiskGate();

  @Test
  void aMemberWithoutRoomForTwiceItsDatabaseIsNotStopped() {
    ClusterView view = disk(WELL, "node-2", 2 * GIB - 1, 0, 0);
    assertHeld(Code.Q2014, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
    ClusterView enough = disk(WELL, "node-2", 2 * GIB, 0, 0);
    assertOpen(GATE, Scenes.restart(enough, "etcd-2"), THREE, enough);
  }

  @Test
  void norWhileAnotherHasNoneBecauseThatIsTheNextToFall() {
    ClusterView view = disk(WELL, "node-3", 1, 0, 0);
    assertHeld(Code.Q2014, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
  }

  @Test
  void aSlowDiskOfAnyMemberHoldsBecauseTheOthersMustCarryTheLoad() {
    ClusterView view = disk(WELL, "node-3", 9 * GIB, 100, 30_000_000);
    assertHeld(Code.Q3012, GATE, Scenes.restart(view, "etcd-2"), THREE, view);
  }

  @Test
  void aFewSamplesSayNothing() {
    ClusterView view = disk(WELL, "node-3", 9 * GIB, 4, 30_000_000);
    assertOpen(GATE, Scenes.restart(view, "etcd-2"), THREE, view);
  }

  @Test
  void aRemovalFreesSpaceAndIsNotHeld() {
    ClusterView view = disk(WELL, "node-2", 1, 0, 0);
    assertOpen(GATE, Scenes.remove(view, "etcd-2"), THREE, view);
  }

  private static ClusterView disk(ClusterView v, String host, long free, int samples, long p99) {
    return Disks.with(v, host, "data", free, new HostReport.Fsync(samples, p99, p99, p99, p99));
  }
}
