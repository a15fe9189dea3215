package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Preview;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A member is not stopped to be moved where its data could not be packed. */
class PackingGateTest {
  private static final MemberName NAME = Scenes.name("etcd-2");
  private static final long MIB = 1L << 20;
  private static final long ENOUGH = (1024 + 6 * 64 + 64) * MIB;
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterSpec MOVED =
      Scenes.placed("3.5.30", "etcd-1@1", "etcd-2@4", "etcd-3@3");
  private static final ClusterView WELL = Disks.database(Scenes.running(THREE), 1024 * MIB);
  private static final Gate GATE = new PackingGate();

  @Test
  void withoutRoomForACopyItIsNotStopped() {
    ClusterView tight = scratch("node-2", ENOUGH - 1);
    assertHeld(Code.Q2014, GATE, Scenes.stop(tight, "etcd-2"), MOVED, tight);
    ClusterView enough = scratch("node-2", ENOUGH);
    assertOpen(GATE, Scenes.stop(enough, "etcd-2"), MOVED, enough);
  }

  @Test
  void theWholeMoveWaitsWithTheMemberRunning() {
    Preview preview = Preview.of(MOVED, scratch("node-2", ENOUGH - 1));
    assertTrue(Scenes.words(preview).stream().noneMatch(w -> w.startsWith("stop")));
    ClusterView prepared = Scenes.after(1, MOVED, scratch("node-2", ENOUGH - 1));
    Decision decision = Planner.next(MOVED, prepared);
    assertEquals(List.of(Code.Q2014), Scenes.codes(decision));
  }

  @Test
  void theNewHostAndTheOthersPackNothing() {
    for (String host : List.of("node-1", "node-3", "node-4")) {
      ClusterView view = scratch(host, 1);
      assertOpen(GATE, Scenes.stop(view, "etcd-2"), MOVED, view);
    }
  }

  @Test
  void aMemberThatStaysIsNotPacked() {
    ClusterView view = scratch("node-2", 1);
    assertOpen(GATE, Scenes.stop(view, "etcd-2"), THREE, view);
    assertOpen(GATE, Scenes.restart(view, "etcd-2"), THREE, view);
    assertOpen(new DiskGate(), Scenes.restart(view, "etcd-2"), THREE, view);
  }

  /** Not where a wish that came to nothing would have had it. */
  @Test
  void whatCountsIsWhereItRunsNow() {
    Situation tight = Scenes.situation(THREE, scratch("node-2", 1));
    assertTrue(PackingGate.noRoomToMove(NAME, HostName.of("node-4"), tight).isPresent());
    assertTrue(PackingGate.noRoomToMove(NAME, HostName.of("node-2"), tight).isEmpty());
    Situation elsewhere = Scenes.situation(THREE, scratch("node-1", 1));
    assertTrue(PackingGate.noRoomToMove(NAME, HostName.of("node-4"), elsewhere).isEmpty());
  }

  private static ClusterView scratch(String host, long free) {
    return Disks.with(WELL, host, HostReport.Disk.SCRATCH, free, HostReport.Fsync.none());
  }
}
