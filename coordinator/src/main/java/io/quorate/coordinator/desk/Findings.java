package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.coordinator.api.v1.Finding;
import io.quorate.coordinator.backup.Attempts;
import io.quorate.coordinator.backup.BackupSchedule;
import io.quorate.coordinator.backup.Backups;
import io.quorate.coordinator.plan.ClusterView.HostView;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.gate.LoginGate;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is to be looked at in a cluster, each with a code and a remedy. */
final class Findings {
  private static final Duration CERTIFICATE_SOON = Duration.ofDays(7);
  private static final long CLOCK_OFFSET_MILLIS = 5_000;
  private static final double NEAR_QUOTA = 0.95;

  private final Cluster cluster;
  private final Situation situation;
  private final Decision decision;
  private final Attempts attempts;
  private final List<Finding> all = new ArrayList<>();

  Findings(Cluster cluster, Situation situation, Decision decision, Attempts attempts) {
    this.cluster = cluster;
    this.situation = situation;
    this.decision = decision;
    this.attempts = attempts;
  }

  List<Finding> all() {
    switch (decision) {
      case Decision.Wait wait ->
          wait.holds().forEach(h -> add(h.code(), h.sentence(), "", h.remedy()));
      case Decision.Refuse refuse ->
          refuse.reasons().forEach(h -> add(h.code(), h.sentence(), "", h.remedy()));
      case Decision.Act act -> {}
      case Decision.Done done -> {}
    }
    cluster.spec().members().forEach(this::member);
    situation.seen().hosts().values().forEach(this::host);
    LoginGate.stranger(situation.seen().etcd())
        .ifPresent(h -> add(h.code(), h.sentence(), "", h.remedy()));
    alarms();
    backup();
    return all;
  }

  private void member(ClusterSpec.Member member) {
    String name = member.name().value();
    Optional<Placement> home = situation.home(member);
    if (situation.formed() && !situation.well(member.name()) && home.isPresent()) {
      boolean silent =
          situation.endpoint(member.name()).flatMap(EtcdView.Endpoint::status).isEmpty();
      add(
          Code.Q2101,
          name + (silent ? " does not answer" : " answers but does not serve"),
          name,
          "quorate logs %s %s".formatted(cluster.name(), name));
    }
    home.flatMap(Placement::report).ifPresent(r -> reported(r, name));
    situation
        .endpoint(member.name())
        .flatMap(EtcdView.Endpoint::status)
        .map(EtcdView.Status::database)
        .filter(d -> d.bytes() > Quotas.of(d, cluster.spec()) * NEAR_QUOTA)
        .ifPresent(
            d ->
                add(
                    Code.Q2104,
                    "the database of %s has %d of %d bytes of its quota"
                        .formatted(name, d.bytes(), Quotas.of(d, cluster.spec())),
                    name,
                    "quorate explain Q2104"));
  }

  private void reported(HostReport.Member report, String name) {
    String own = Long.toHexString(cluster.intent().foundation().clusterId());
    String found = report.data().clusterId();
    if (situation.formed() && !found.isEmpty() && !found.equals(own)) {
      add(
          Code.Q2012,
          "the data of %s is of the cluster with the id %s, not of %s".formatted(name, found, own),
          name,
          "quorate member replace %s %s --with HOST".formatted(cluster.name(), name));
    }
    for (HostReport.Trouble trouble : report.problems()) {
      add(trouble.code(), trouble.sentence(), name, trouble.remedy());
    }
    for (HostReport.DriftFound drift : report.drifts()) {
      add(
          Code.Q2105,
          "%s of %s: %s%s"
              .formatted(drift.what(), name, drift.found(), drift.repaired() ? "; put right" : ""),
          name,
          "");
    }
    Instant soon = situation.seen().now().plus(CERTIFICATE_SOON);
    report.certificates().stream()
        .filter(c -> c.notAfter().isBefore(soon))
        .findFirst()
        .ifPresent(
            c ->
                add(
                    Code.Q2107,
                    "the %s certificate of %s expires at %s".formatted(c.use(), name, c.notAfter()),
                    name,
                    "quorate certs rotate %s --member %s".formatted(cluster.name(), name)));
  }

  private void host(HostView host) {
    String name = host.name().value();
    if (!host.connected()) {
      add(
          Code.Q2102,
          host.lastSeen().equals(Instant.EPOCH)
              ? "the agent of %s has not been seen since this coordinator started".formatted(name)
              : "the agent of %s is not connected; last seen %s".formatted(name, host.lastSeen()),
          name,
          "quorate host describe " + name);
    }
    if (Math.abs(host.clockOffsetMillis()) > CLOCK_OFFSET_MILLIS) {
      add(
          Code.Q2109,
          "the clock of %s is %.1f s off".formatted(name, host.clockOffsetMillis() / 1000.0),
          name,
          "synchronise it, for example with chrony");
    }
  }

  private void alarms() {
    for (EtcdView.Alarm alarm : situation.seen().etcd().alarms()) {
      add(
          Code.Q2103,
          "alarm %s of member %s".formatted(alarm.kind(), Long.toHexString(alarm.memberId())),
          "",
          "quorate explain Q2103");
    }
  }

  private void backup() {
    Optional<Duration> every = cluster.spec().backup().every();
    if (every.isEmpty() || !situation.formed()) {
      return;
    }
    Instant now = situation.seen().now();
    BackupSchedule schedule = Backups.schedule(cluster, every.get(), attempts, now);
    attempts
        .failed(now)
        .ifPresent(
            failed ->
                add(
                    Code.Q2108,
                    "the last snapshot failed, on %s: %s"
                        .formatted(failed.host(), Attempts.reason(failed)),
                    "",
                    "quorate snapshot save " + cluster.name()));
    if (schedule.overdue(now)) {
      add(
          Code.Q2108,
          "%s; one is wanted every %d min"
              .formatted(
                  schedule
                      .last()
                      .map(l -> "the last good snapshot is of " + l)
                      .orElse("there is no good snapshot yet"),
                  every.get().toMinutes()),
          "",
          "quorate snapshot save " + cluster.name());
    }
  }

  private void add(Code code, String sentence, String subject, String remedy) {
    Finding finding = StatusViews.finding(code, sentence, subject, remedy);
    if (!all.contains(finding)) {
      all.add(finding);
    }
  }
}
