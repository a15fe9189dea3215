package io.quorate.coordinator.plan.gate;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.ClusterView.HostView;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.safety.Ailment;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Views with databases of a size, and with disks of a kind. */
final class Disks {
  private static final long GIB = 1L << 30;

  private Disks() {}

  /** Every member has a database of this size. */
  static ClusterView database(ClusterView view, long bytes) {
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

  /** The host tells this one disk. */
  static ClusterView with(
      ClusterView v, String host, String purpose, long free, HostReport.Fsync fsync) {
    SortedMap<HostName, HostView> hosts = new TreeMap<>(v.hosts());
    HostReport.Disk disk =
        new HostReport.Disk(
            ClusterName.of("prod"),
            purpose,
            "/var/lib/" + purpose,
            new HostReport.Space("ext4", "sda", 100 * GIB, free, -1),
            new HostReport.Rates(0, 0, 0),
            fsync);
    hosts.computeIfPresent(
        HostName.of(host),
        (n, h) -> new HostView(n, true, h.lastSeen(), h.architecture(), 0, List.of(disk)));
    return new ClusterView(
        v.now(), v.intent(), v.placements(), v.etcd(), hosts, v.catalogue(), v.operations());
  }
}
