package io.quorate.coordinator.store;

import io.quorate.common.error.Code;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Records to keep. Specs are read from a text that is only their version. */
public final class Samples {
  public static final Instant NOW = Instant.parse("2026-11-21T01:02:03.000000456Z");
  public static final ClusterName PROD = ClusterName.of("prod");
  public static final HostName HOST = HostName.of("node-1");

  private Samples() {}

  public static ClusterSpec spec(String version) {
    return new ClusterSpec(
        PROD,
        EtcdVersion.parse(version),
        List.of(new ClusterSpec.Member(MemberName.of("etcd-1"), HOST, "10.77.0.11", 2379, 2380)),
        new ClusterSpec.Layout("/var/lib/etcd/prod", "/var/lib/etcd/prod-wal", new TreeMap<>()),
        new TreeMap<>(),
        new ClusterSpec.Certificates("ecdsa-p256", Duration.ofDays(90), List.of()),
        new ClusterSpec.Rollout(
            Duration.ofSeconds(10),
            Optional.empty(),
            Duration.ZERO,
            ClusterSpec.OnFailure.PAUSE,
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            new ClusterSpec.Membership(Duration.ofMinutes(5), Duration.ofMinutes(1)),
            new ClusterSpec.Gates(100, Duration.ofMillis(500), Duration.ofHours(1), 0.1)),
        new ClusterSpec.Backup(Optional.empty(), 28, Optional.empty()),
        new ClusterSpec.Policies(
            false,
            false,
            false,
            MemberConfig.Drift.REPAIR,
            List.of(),
            Optional.empty(),
            Set.of("disk.space")));
  }

  public static Intent intent(long revision) {
    return new Intent(
        revision,
        new Intent.Foundation("token-1", new Seed.Empty(), List.of(), false, 0, List.of()),
        new Intent.Control(Intent.Mode.RUNNING, "", "", List.of(), false, NOW),
        Optional.empty(),
        new TreeMap<>(),
        new TreeMap<>(),
        new TreeMap<>(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  /** An intent in which nothing is at its default. */
  public static Intent fullIntent(long revision, Seed seed, ClusterSpec previous) {
    return new Intent(
        revision,
        new Intent.Foundation(
            "token-2",
            seed,
            List.of("prod/a", "prod/b"),
            true,
            0xcdf818194e3a8c32L,
            List.of(MemberName.of("etcd-1"), MemberName.of("etcd-2")),
            1L << 50),
        new Intent.Control(
            Intent.Mode.PAUSED,
            "ada",
            "lunch \"and\" more\n☃",
            List.of(MemberName.of("etcd-2")),
            true,
            NOW),
        Optional.of(previous),
        new TreeMap<>(Map.of(MemberName.of("etcd-1"), Long.MAX_VALUE)),
        new TreeMap<>(Map.of(MemberName.of("etcd-2"), 7L)),
        new TreeMap<>(Map.of(MemberName.of("etcd-3"), 2)),
        List.of(new Intent.SnapshotInfo("s-1", NOW, 1L << 60, Long.MAX_VALUE, true)),
        List.of(
            new Intent.Exported(MemberName.of("etcd-1"), "prod/a", "ab".repeat(32), 1L << 40, NOW)),
        Optional.of(
            new Intent.Failure(
                new Hold(Code.Q3301, "etcd-2 did not come back", "quorate logs prod etcd-2"),
                "restart etcd-2",
                NOW.plusNanos(1))));
  }

  public static Clusters.Cluster cluster(String version, Intent intent) {
    return new Clusters.Cluster(PROD, version, spec(version), intent, 0, false, NOW, "ada");
  }

  public static Journal.Rollout rollout() {
    return new Journal.Rollout(
        0,
        PROD,
        "Upgrade prod 3.5.16 -> 3.5.30",
        1,
        2,
        Journal.RolloutState.RUNNING,
        NOW,
        Optional.empty(),
        "ada",
        12);
  }

  public static Journal.Event event(Optional<ClusterName> cluster, String text) {
    return new Journal.Event(
        0, NOW, cluster, Journal.Severity.WARNING, Optional.of(Code.Q2101), "etcd-1", text);
  }

  public static Hosts.Token token(String sha256) {
    return new Hosts.Token(sha256, Optional.of(HOST), NOW, NOW.plusSeconds(600), "ada");
  }
}
