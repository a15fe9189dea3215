package io.quorate.coordinator.api.machine;

import io.quorate.common.model.HostReport;
import io.quorate.coordinator.api.control.Control;
import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.api.v1.Finding;
import io.quorate.coordinator.api.v1.HostView;
import io.quorate.coordinator.api.v1.RolloutView;
import io.quorate.coordinator.api.v1.SnapshotView;
import io.quorate.coordinator.api.v1.codec.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Quorate's own numbers, read from the same views that the command line shows. etcd's metrics are
 * scraped from etcd; see {@link ServiceDiscovery}. No ids and no error text in labels.
 */
final class Metrics {
  private static final Exposition.Buckets FSYNC =
      new Exposition.Buckets(
          HostReport.Histogram.BOUNDS_MICROS.stream().map(micros -> micros / 1e6).toList());

  private final Exposition out = new Exposition();

  private Metrics() {}

  static String page(Control control, String version) {
    Metrics metrics = new Metrics();
    metrics.out.gauge("quorate_build_info", "The coordinator's version.", 1, "version", version);
    metrics.hosts(control.hosts().all());
    metrics.checks(control.fleet().checkFailures());
    for (ClusterStatus cluster : control.fleet().all()) {
      metrics.cluster(cluster);
      control.rollouts().latest(cluster.cluster()).ifPresent(metrics::rollout);
      metrics.snapshots(cluster.cluster(), control.snapshots().of(cluster.cluster()));
    }
    return metrics.out.text();
  }

  private void hosts(List<HostView> hosts) {
    out.gauge(
        "quorate_agents_connected",
        "Agents that are connected now.",
        hosts.stream().filter(host -> host.state() == HostView.State.CONNECTED).count());
    // Who was shut out for good is no alarm.
    for (HostView host : hosts.stream().filter(h -> h.state() != HostView.State.REVOKED).toList()) {
      String name = host.name();
      out.gauge(
          "quorate_agent_connected",
          "Whether the host's agent is connected.",
          host.state() == HostView.State.CONNECTED ? 1 : 0,
          "host",
          name);
      host.lastSeen()
          .ifPresent(
              seen ->
                  out.gauge(
                      "quorate_agent_last_seen_timestamp_seconds",
                      "When the agent was last heard.",
                      seconds(seen),
                      "host",
                      name));
      host.clockOffsetSeconds()
          .ifPresent(
              offset ->
                  out.gauge(
                      "quorate_host_clock_offset_seconds",
                      "The host's clock minus the coordinator's.",
                      offset,
                      "host",
                      name));
      host.certificateNotAfter().ifPresent(end -> agentCertificate(name, end));
      host.disks().forEach(disk -> disk(name, disk));
      host.members().forEach(member -> unit(name, member));
    }
  }

  private void checks(Map<String, Long> failures) {
    failures.forEach(
        (check, count) ->
            out.counter(
                "quorate_preflight_failures_total",
                "Failed preflight checks by name, since the coordinator began.",
                count,
                "check",
                check));
  }

  private void agentCertificate(String host, Instant end) {
    out.gauge(
        "quorate_agent_certificate_not_after_timestamp_seconds",
        "When the agent's certificate ends.",
        seconds(end),
        "host",
        host);
  }

  private void disk(String host, HostView.Disk disk) {
    String[] labels = {"host", host, "etcd_cluster", disk.cluster(), "purpose", disk.purpose()};
    out.gauge(
        "quorate_disk_free_bytes",
        "Free space of the file system of a member's directory.",
        disk.space().freeBytes(),
        labels);
    out.gauge(
        "quorate_disk_total_bytes", "Size of that file system.", disk.space().totalBytes(), labels);
    if (disk.space().freeInodes() >= 0) {
      out.gauge(
          "quorate_disk_free_inodes",
          "Files that it still has room for.",
          disk.space().freeInodes(),
          labels);
    }
    out.gauge(
        "quorate_disk_read_bytes_per_second",
        "What is read from its device.",
        disk.rates().readBytesPerSecond(),
        labels);
    out.gauge(
        "quorate_disk_written_bytes_per_second",
        "What is written to its device.",
        disk.rates().writtenBytesPerSecond(),
        labels);
    out.gauge(
        "quorate_disk_busy_ratio",
        "How much of the time its device is busy.",
        disk.rates().busyRatio(),
        labels);
    disk.fsync()
        .ifPresent(
            fsync -> {
              out.gauge(
                  "quorate_disk_fsync_p50_seconds",
                  "Median of small synced appends over the last minute.",
                  fsync.p50Seconds(),
                  labels);
              out.gauge(
                  "quorate_disk_fsync_p99_seconds",
                  "99th percentile of small synced appends over the last minute.",
                  fsync.p99Seconds(),
                  labels);
              if (!fsync.counts().isEmpty()) {
                out.histogram(
                    "quorate_disk_fsync_seconds",
                    "Small synced appends since the agent began.",
                    FSYNC,
                    fsync.counts(),
                    fsync.sumSeconds(),
                    labels);
              }
            });
  }

  private void unit(String host, HostView.Member member) {
    String[] labels = {
      "host", host, "etcd_cluster", member.cluster(), "etcd_member", member.member()
    };
    out.gauge(
        "quorate_unit_running",
        "Whether the member's service runs.",
        member.unitState().equals("running") ? 1 : 0,
        labels);
    out.gauge("quorate_unit_restarts", "How often it was restarted.", member.restarts(), labels);
  }

  private void cluster(ClusterStatus status) {
    String name = status.cluster();
    for (ClusterStatus.Health health : ClusterStatus.Health.values()) {
      out.gauge(
          "quorate_cluster_health",
          "1 for the state that the cluster is in.",
          status.health() == health ? 1 : 0,
          "etcd_cluster",
          name,
          "state",
          Records.word(health));
    }
    ClusterStatus.Quorum quorum = status.quorum();
    cluster("quorate_cluster_voters", "Voting members.", quorum.voters(), name);
    cluster("quorate_cluster_voters_healthy", "Those that are well.", quorum.healthy(), name);
    cluster(
        "quorate_cluster_failure_tolerance",
        "How many more voters may fail while the cluster serves.",
        quorum.canLose(),
        name);
    cluster("quorate_cluster_desired_revision", "The wanted revision.", status.revision(), name);
    cluster(
        "quorate_cluster_applied_revision",
        "The revision that was reached last.",
        status.appliedRevision(),
        name);
    Map<String, Long> findings =
        status.findings().stream()
            .collect(Collectors.groupingBy(Finding::code, TreeMap::new, Collectors.counting()));
    findings.forEach(
        (code, count) ->
            out.gauge(
                "quorate_cluster_findings",
                "Warnings about the cluster by code.",
                count,
                "etcd_cluster",
                name,
                "code",
                code));
    status.members().forEach(member -> member(name, member));
  }

  private void cluster(String metric, String help, long value, String name) {
    out.gauge(metric, help, value, "etcd_cluster", name);
  }

  private void member(String cluster, ClusterStatus.Member member) {
    String[] labels = {"etcd_cluster", cluster, "etcd_member", member.name()};
    out.gauge(
        "quorate_member_ok",
        "Whether the member is well.",
        member.state() == ClusterStatus.State.OK || member.state() == ClusterStatus.State.WARNING
            ? 1
            : 0,
        labels);
    out.gauge(
        "quorate_member_raft_lag_entries",
        "Entries that the member is behind the leader.",
        member.raftLag(),
        labels);
    member
        .certificateNotAfter()
        .ifPresent(
            end ->
                out.gauge(
                    "quorate_member_certificate_not_after_timestamp_seconds",
                    "When the first of the member's certificates ends.",
                    seconds(end),
                    labels));
  }

  private void rollout(RolloutView rollout) {
    String cluster = rollout.cluster();
    for (RolloutView.State state : RolloutView.State.values()) {
      out.gauge(
          "quorate_rollout_state",
          "1 for the state of the newest rollout.",
          rollout.state() == state ? 1 : 0,
          "etcd_cluster",
          cluster,
          "state",
          Records.word(state));
    }
    cluster("quorate_rollout_steps_done", "Steps done.", rollout.progress().done(), cluster);
    cluster(
        "quorate_rollout_steps_planned", "Steps in all.", rollout.progress().planned(), cluster);
    rollout.holds().stream()
        .map(Finding::code)
        .distinct()
        .forEach(
            code ->
                out.gauge(
                    "quorate_rollout_hold",
                    "1 while a gate with this code holds the rollout.",
                    1,
                    "etcd_cluster",
                    cluster,
                    "code",
                    code));
    stepDurations(rollout)
        .forEach(
            (kind, longest) ->
                out.gauge(
                    "quorate_rollout_step_duration_seconds",
                    "The longest step of each kind in the newest rollout.",
                    longest,
                    "etcd_cluster",
                    cluster,
                    "kind",
                    kind));
  }

  private static Map<String, Double> stepDurations(RolloutView rollout) {
    Map<String, Double> longest = new TreeMap<>();
    for (RolloutView.Step step : rollout.steps()) {
      if (step.started().isPresent() && step.ended().isPresent()) {
        double seconds =
            Duration.between(step.started().get(), step.ended().get()).toMillis() / 1000.0;
        longest.merge(step.kind(), seconds, Math::max);
      }
    }
    return longest;
  }

  private void snapshots(String cluster, List<SnapshotView> snapshots) {
    cluster("quorate_snapshots", "Snapshots that are kept.", snapshots.size(), cluster);
    Optional<SnapshotView> newest = snapshots.stream().findFirst();
    newest.ifPresent(
        snapshot -> {
          out.gauge(
              "quorate_snapshot_timestamp_seconds",
              "When the newest snapshot was taken.",
              seconds(snapshot.taken()),
              "etcd_cluster",
              cluster);
          cluster("quorate_snapshot_size_bytes", "Its size.", snapshot.sizeBytes(), cluster);
          snapshot
              .saveSeconds()
              .ifPresent(
                  took ->
                      out.gauge(
                          "quorate_snapshot_duration_seconds",
                          "What it took from its order to its arrival.",
                          took,
                          "etcd_cluster",
                          cluster));
          cluster(
              "quorate_snapshot_verified",
              "Whether its hash was found right.",
              snapshot.verified().isPresent() ? 1 : 0,
              cluster);
        });
  }

  private static double seconds(Instant instant) {
    return instant.toEpochMilli() / 1000.0;
  }
}
