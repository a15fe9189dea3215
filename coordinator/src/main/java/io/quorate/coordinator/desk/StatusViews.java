package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.api.v1.Finding;
import io.quorate.coordinator.backup.Attempts;
import io.quorate.coordinator.observe.Agents;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.rollout.ClusterWorker.Latest;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Journal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a cluster is, from the worker's last look at it. */
final class StatusViews {
  private final Office office;

  StatusViews(Office office) {
    this.office = office;
  }

  ClusterStatus of(Cluster cluster) {
    Latest latest = office.latest(cluster);
    ClusterView view = latest.view();
    Situation situation = new Situation(cluster.spec(), view);
    List<ClusterStatus.Member> members = new ArrayList<>();
    for (ClusterSpec.Member member : cluster.spec().members()) {
      members.add(member(member, situation));
    }
    ClusterStatus.Quorum quorum = quorum(situation);
    List<Finding> findings =
        new Findings(cluster, situation, latest.decision(), Attempts.of(office.store(), cluster))
            .all();
    return new ClusterStatus(
        cluster.name().value(),
        health(situation, quorum, findings),
        cluster.spec().version().toString(),
        cluster.intent().revision(),
        cluster.applied(),
        cluster.intent().foundation().clusterId() == 0
            ? ""
            : Long.toHexString(cluster.intent().foundation().clusterId()),
        quorum,
        office.store().journal().rollouts(cluster.name(), 1).stream()
            .filter(r -> r.state() != Journal.RolloutState.DONE)
            .findFirst()
            .map(r -> new ClusterStatus.Rollout(r.id(), r.title(), r.state().name())),
        lastBackup(cluster),
        view.etcd().asked(),
        members,
        findings);
  }

  private static Optional<Instant> lastBackup(Cluster cluster) {
    return cluster.intent().snapshots().stream()
        .filter(Intent.SnapshotInfo::verified)
        .map(Intent.SnapshotInfo::at)
        .max(Instant::compareTo);
  }

  static ClusterStatus.Quorum quorum(Situation situation) {
    int voters =
        situation.voters().isEmpty()
            ? situation.wanted().members().size()
            : situation.voters().size();
    int healthy = (int) situation.voters().stream().filter(situation::well).count();
    int needed = voters / 2 + 1;
    return new ClusterStatus.Quorum(voters, healthy, needed, Math.max(0, healthy - needed));
  }

  private ClusterStatus.Health health(
      Situation situation, ClusterStatus.Quorum quorum, List<Finding> findings) {
    if (!situation.formed()) {
      return ClusterStatus.Health.FORMING;
    }
    boolean asked =
        situation.seen().etcd().endpoints().stream().anyMatch(e -> e.status().isPresent());
    if (!asked && situation.seen().hosts().values().stream().noneMatch(h -> h.connected())) {
      return ClusterStatus.Health.UNKNOWN;
    }
    if (quorum.healthy() < quorum.needed()) {
      return ClusterStatus.Health.UNAVAILABLE;
    }
    if (quorum.healthy() < quorum.voters()) {
      return ClusterStatus.Health.DEGRADED;
    }
    return findings.stream().anyMatch(f -> f.code().startsWith("Q21"))
        ? ClusterStatus.Health.WARNING
        : ClusterStatus.Health.HEALTHY;
  }

  private ClusterStatus.Member member(ClusterSpec.Member member, Situation situation) {
    Optional<Placement> home = situation.home(member);
    Optional<EtcdView.Status> status =
        situation.endpoint(member.name()).flatMap(EtcdView.Endpoint::status);
    MemberConfig.Endpoints endpoints =
        new MemberConfig.Endpoints(member.address(), member.clientPort(), member.peerPort());
    Optional<Agents.Seen> agent = office.agents().seen(member.host());
    return new ClusterStatus.Member(
        member.name().value(),
        member.host().value(),
        situation.entry(member).map(e -> Long.toHexString(e.id())).orElse(""),
        role(member, situation),
        state(member, home, situation),
        status
            .map(s -> s.versions().server().toString())
            .or(
                () ->
                    home.flatMap(Placement::report)
                        .map(r -> r.unit().running().executableVersion()))
            .orElse(""),
        status
            .map(
                s ->
                    new ClusterStatus.Database(
                        s.database().bytes(),
                        s.database().inUseBytes(),
                        Quotas.of(s.database(), situation.wanted())))
            .orElseGet(() -> new ClusterStatus.Database(0, 0, 0)),
        situation.lag(member.name()).orElse(0L),
        fsync(member, situation),
        new ClusterStatus.Agent(
            agent.map(Agents.Seen::connected).orElse(false),
            agent.map(Agents.Seen::agentVersion).orElse(""),
            agent.map(Agents.Seen::lastSeen)),
        home.flatMap(Placement::report)
            .flatMap(
                r ->
                    r.certificates().stream()
                        .map(HostReport.Certificate::notAfter)
                        .min(Instant::compareTo)),
        endpoints.clientUrl(),
        endpoints.peerUrl());
  }

  private static Optional<Double> fsync(ClusterSpec.Member member, Situation situation) {
    return situation
        .seen()
        .host(member.host())
        .flatMap(
            h ->
                h.disks().stream()
                    .filter(d -> d.cluster().equals(situation.wanted().cluster()))
                    .filter(d -> d.fsync().samples() > 0)
                    .map(d -> d.fsync().p99Micros() / 1e6)
                    .max(Double::compare));
  }

  private static ClusterStatus.Role role(ClusterSpec.Member member, Situation situation) {
    Optional<EtcdView.Member> entry = situation.entry(member);
    if (entry.isEmpty()) {
      return ClusterStatus.Role.NONE;
    }
    if (entry.get().learner()) {
      return ClusterStatus.Role.LEARNER;
    }
    return situation.leads(member.name()) ? ClusterStatus.Role.LEADER : ClusterStatus.Role.VOTER;
  }

  private static ClusterStatus.State state(
      ClusterSpec.Member member, Optional<Placement> home, Situation situation) {
    if (situation.well(member.name())) {
      boolean trouble =
          home.flatMap(Placement::report)
              .map(r -> !r.problems().isEmpty() || !r.drifts().isEmpty())
              .orElse(false);
      return trouble ? ClusterStatus.State.WARNING : ClusterStatus.State.OK;
    }
    boolean told = situation.connected(member.host());
    if (home.isEmpty() || (!told && situation.endpoint(member.name()).isEmpty())) {
      return ClusterStatus.State.UNKNOWN;
    }
    return switch (Situation.unitState(home.get())) {
      case STARTING, RUNNING ->
          told && !fails(home.get()) ? ClusterStatus.State.STARTING : ClusterStatus.State.DOWN;
      case STOPPED, STOPPING, ABSENT -> ClusterStatus.State.STOPPED;
      case FAILED -> ClusterStatus.State.DOWN;
    };
  }

  /** It has ended by itself at least once and says why. */
  private static boolean fails(Placement placement) {
    return placement
        .report()
        .filter(r -> r.unit().restarts() > 0 && !r.problems().isEmpty())
        .isPresent();
  }

  static Finding finding(io.quorate.coordinator.plan.Hold hold, String subject) {
    return new Finding(
        hold.code().name(),
        hold.sentence(),
        subject,
        hold.remedy().isEmpty() ? List.of() : List.of(hold.remedy()));
  }

  static Finding finding(Code code, String sentence, String subject, String remedy) {
    return new Finding(
        code.name(), sentence, subject, remedy.isEmpty() ? List.of() : List.of(remedy));
  }
}
