package io.quorate.coordinator.plan.gate;

import static io.quorate.coordinator.plan.gate.Held.assertHeld;
import static io.quorate.coordinator.plan.gate.Held.assertOpen;

import io.quorate.common.error.Code;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.ClusterView.HostView;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Room for twice the database, and a disk that syncs in time. */
class DiskGateTest {
  private static final long GIB = 1L << 30;
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = database(Scenes.running(THREE), GIB);
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

  private static ClusterView database(ClusterView view, long bytes) {
    return Ailment.etcd(
        view,
        view.etcd().endpoints().stream()
            .map(
                e ->
                    new EtcdView.Endpoint(
                        e.member(),
                        e.status()
                            .map(
                                s ->
                                    new EtcdView.Status(
                                        s.memberId(),
                                        s.versions(),
                                        s.leaderId(),
                                        s.learner(),
                                        s.raft(),
                                        new EtcdView.Database(bytes, bytes, 8 * GIB),
                                        s.errors(),
                                        s.memberListDigest())),
                        true,
                        e.since()))
            .toList());
  }

  private static ClusterView disk(ClusterView v, String host, long free, int samples, long p99) {
    SortedMap<HostName, HostView> hosts = new TreeMap<>(v.hosts());
    HostReport.Disk disk =
        new HostReport.Disk(
            ClusterName.of("prod"),
            "data",
            "/var/lib/etcd/prod",
            new HostReport.Space("ext4", "sda", 100 * GIB, free, -1),
            new HostReport.Rates(0, 0, 0),
            new HostReport.Fsync(samples, p99, p99, p99, p99));
    hosts.computeIfPresent(
        HostName.of(host),
        (n, h) -> new HostView(n, true, h.lastSeen(), h.architecture(), 0, List.of(disk)));
    return new ClusterView(
        v.now(), v.intent(), v.placements(), v.etcd(), hosts, v.catalogue(), v.operations());
  }
}
