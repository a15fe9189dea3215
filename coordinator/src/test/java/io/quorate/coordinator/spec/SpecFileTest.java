package io.quorate.coordinator.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig.Drift;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Setting;
import io.quorate.coordinator.spec.ClusterSpec.OnFailure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SpecFileTest {
  static final String SHORT =
      """
      cluster: prod
      version: 3.5.30
      members:
        - {name: etcd-1, host: node-1, address: 10.77.0.11}
        - {name: etcd-2, host: node-2, address: 10.77.0.12}
        - {name: etcd-3, host: node-3, address: 10.77.0.13}
      """;

  static final String LONG =
      SHORT
          + """
          # everything below has a default
          ports: {client: 12379, peer: 12380}
          paths: {data: /data/etcd/prod, wal: /wal/etcd/prod}
          etcd:
            quota-backend-bytes: 4GiB
            auto-compaction-mode: periodic
            auto-compaction-retention: 7d
            heartbeat-interval: 250ms
            election-timeout: 2500
            experimental-compact-hash-check-enabled: true
          certificates: {key: ecdsa-p384, validity: 30d, names: [etcd.prod.example, fd00::1]}
          rollout:
            soak: 1m
            canary: etcd-3
            canarySoak: 10m
            onFailure: rollback
            memberDeadline: 5m
            progressDeadline: 1h
            learnerDeadline: 7m
            deadAfter: 30s
            maximumLag: 50
            maximumFsyncP99: 100ms
            snapshotAge: 1h
            freeDisk: 1.5
          backup: {every: 1h, keep: 48, keepFor: 30d}
          unit: {LimitNOFILE: 65536, IOSchedulingClass: best-effort, GOMAXPROCS: 4, RestartSec: 5s}
          spares: [node-4]
          replaceAfter: 30m
          drift: report
          allowDowntime: true
          repairFailedMembersFirst: false
          accept: [version.path, Q3207]
          """;

  @Test
  void aShortFileHasEveryDefault() {
    ClusterSpec spec = accepted(SHORT);
    assertEquals("prod", spec.cluster().value());
    assertEquals(new EtcdVersion(3, 5, 30), spec.version());
    assertEquals(
        new ClusterSpec.Member(
            MemberName.of("etcd-2"), HostName.of("node-2"), "10.77.0.12", 2379, 2380),
        spec.members().get(1));
    assertEquals("/var/lib/etcd/prod", spec.layout().dataDirectory());
    assertEquals("/var/lib/etcd/prod-wal", spec.layout().walDirectory());
    assertEquals(
        Map.of(
            "quota-backend-bytes", new Setting.Whole(8L << 30),
            "heartbeat-interval", new Setting.Span(Duration.ofMillis(100)),
            "election-timeout", new Setting.Span(Duration.ofSeconds(1)),
            "auto-compaction-mode", new Setting.Text("periodic"),
            "auto-compaction-retention", new Setting.Text("1h")),
        spec.settings());
    assertEquals(
        new ClusterSpec.Certificates("ecdsa-p256", Duration.ofDays(90), List.of()),
        spec.certificates());
    assertEquals(
        new ClusterSpec.Rollout(
            Duration.ofSeconds(10),
            Optional.empty(),
            Duration.ofSeconds(30),
            OnFailure.PAUSE,
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            new ClusterSpec.Membership(Duration.ofMinutes(5), Duration.ofMinutes(1)),
            new ClusterSpec.Gates(100, Duration.ofMillis(500), Duration.ofMinutes(15), 2.0)),
        spec.rollout());
    assertEquals(
        new ClusterSpec.Backup(Optional.of(Duration.ofHours(6)), 28, Optional.empty()),
        spec.backup());
    assertEquals(
        new ClusterSpec.Policies(
            false, false, false, Drift.REPAIR, List.of(), Optional.empty(), Set.of()),
        spec.policies());
  }

  @Test
  void aLongFileIsTakenAtItsWord() {
    ClusterSpec spec = accepted(LONG);
    assertEquals(12379, spec.members().get(0).clientPort());
    assertEquals(12380, spec.members().get(2).peerPort());
    assertEquals("/wal/etcd/prod", spec.layout().walDirectory());
    assertEquals(
        Map.of(
            "LimitNOFILE",
            "65536",
            "IOSchedulingClass",
            "best-effort",
            "GOMAXPROCS",
            "4",
            "RestartSec",
            "5s"),
        spec.layout().unit());
    assertEquals(
        Map.of(
            "quota-backend-bytes", new Setting.Whole(4L << 30),
            "heartbeat-interval", new Setting.Span(Duration.ofMillis(250)),
            "election-timeout", new Setting.Span(Duration.ofMillis(2500)),
            "auto-compaction-mode", new Setting.Text("periodic"),
            "auto-compaction-retention", new Setting.Text("168h"),
            "experimental-compact-hash-check-enabled", new Setting.Truth(true)),
        spec.settings());
    assertEquals(
        new ClusterSpec.Certificates(
            "ecdsa-p384", Duration.ofDays(30), List.of("etcd.prod.example", "fd00::1")),
        spec.certificates());
    assertEquals(
        new ClusterSpec.Rollout(
            Duration.ofMinutes(1),
            Optional.of(MemberName.of("etcd-3")),
            Duration.ofMinutes(10),
            OnFailure.ROLLBACK,
            Duration.ofMinutes(5),
            Duration.ofHours(1),
            new ClusterSpec.Membership(Duration.ofMinutes(7), Duration.ofSeconds(30)),
            new ClusterSpec.Gates(50, Duration.ofMillis(100), Duration.ofHours(1), 1.5)),
        spec.rollout());
    assertEquals(
        new ClusterSpec.Backup(
            Optional.of(Duration.ofHours(1)), 48, Optional.of(Duration.ofDays(30))),
        spec.backup());
    assertEquals(
        new ClusterSpec.Policies(
            true,
            false,
            false,
            Drift.REPORT,
            List.of(HostName.of("node-4")),
            Optional.of(Duration.ofMinutes(30)),
            Set.of("version.path", "Q3207")),
        spec.policies());
  }

  @Test
  void aMemberMayHavePortsOfItsOwn() {
    ClusterSpec spec =
        accepted(SHORT.replace("10.77.0.12}", "10.77.0.12, ports: {client: 22379}}"));
    assertEquals(22379, spec.members().get(1).clientPort());
    assertEquals(2380, spec.members().get(1).peerPort());
  }

  @Test
  void backupsCanBeTurnedOff() {
    assertEquals(Optional.empty(), accepted(SHORT + "backup: {every: never}\n").backup().every());
  }

  @Test
  void aSlowHeartbeatBringsASlowerElection() {
    ClusterSpec spec = accepted(SHORT + "etcd: {heartbeat-interval: 500}\n");
    assertEquals(new Setting.Span(Duration.ofSeconds(5)), spec.settings().get("election-timeout"));
  }

  @Test
  void oneMemberIsFineAndFlagged() {
    String text =
        """
        cluster: lone
        version: 3.5.30
        members: [{name: etcd-1, host: node-1, address: 127.0.0.1}]
        """;
    var result = (SpecFile.Result.Accepted) SpecFile.parse(text);
    assertEquals(1, result.spec().members().size());
    assertEquals(
        List.of(
            "lone.yaml:3:10 Q3103 one member can lose none, and cannot change without downtime"),
        result.warnings().stream().map(warning -> warning.render("lone.yaml")).toList());
  }

  @Test
  void windowsLineEndsAndAByteOrderMarkAreHarmless() {
    assertEquals(accepted(SHORT), accepted("\uFEFF" + SHORT.replace("\n", "\r\n")));
  }

  static ClusterSpec accepted(String text) {
    SpecFile.Result result = SpecFile.parse(text);
    assertTrue(result instanceof SpecFile.Result.Accepted, () -> String.valueOf(result));
    return ((SpecFile.Result.Accepted) result).spec();
  }
}
