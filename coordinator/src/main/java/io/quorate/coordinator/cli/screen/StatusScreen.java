package io.quorate.coordinator.cli.screen;

import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.api.v1.ClusterStatus.Health;
import io.quorate.coordinator.api.v1.ClusterStatus.Member;
import io.quorate.coordinator.api.v1.codec.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** How clusters are. */
public final class StatusScreen {
  /** Beyond this the coordinator's knowledge is called stale. */
  private static final Duration STALE = Duration.ofSeconds(60);

  private StatusScreen() {}

  public static void all(Paper paper, List<ClusterStatus> clusters) {
    if (clusters.isEmpty()) {
      paper.line("No clusters yet. Make one: quorate apply -f cluster.yaml");
      return;
    }
    Table table =
        Table.of(
            "CLUSTER",
            "HEALTH",
            "VERSION",
            ">REVISION",
            "VOTERS",
            ">CAN LOSE",
            "BACKUP",
            "ROLLOUT");
    for (ClusterStatus each : clusters) {
      table
          .cell(each.cluster())
          .cell(word(each.health()), ink(each.health()))
          .cell(each.etcdVersion())
          .cell(revision(each))
          .cell(each.quorum().healthy() + "/" + each.quorum().voters())
          .cell(Integer.toString(each.quorum().canLose()))
          .cell(Words.ago(each.lastBackup(), paper.now()))
          .cell(each.rollout().map(StatusScreen::rollout).orElse("-"))
          .end();
    }
    table.draw(paper);
    for (ClusterStatus each : clusters) {
      each.findings()
          .forEach(
              finding ->
                  paper.line(
                      Paper.clean(each.cluster()) + " " + ErrorScreen.finding(paper, finding)));
    }
  }

  public static void one(Paper paper, ClusterStatus status) {
    ClusterStatus.Quorum quorum = status.quorum();
    paper.line(
        "%s  %s  %s  revision %s  %d/%d voters  can lose %d  last backup %s"
            .formatted(
                paper.ink(Paper.Ink.BOLD, Paper.clean(status.cluster())),
                paper.ink(ink(status.health()), word(status.health())),
                Paper.clean(status.etcdVersion()),
                status.revision() == status.appliedRevision()
                    ? status.revision() + " (applied)"
                    : "%d (applied: %d)".formatted(status.revision(), status.appliedRevision()),
                quorum.healthy(),
                quorum.voters(),
                quorum.canLose(),
                Words.ago(status.lastBackup(), paper.now())));
    if (Duration.between(status.observed(), paper.now()).compareTo(STALE) > 0) {
      paper.line(
          paper.ink(
              Paper.Ink.CAREFUL,
              "stale: last looked at " + Words.ago(status.observed(), paper.now())));
    }
    members(paper, status.members());
    status
        .rollout()
        .ifPresent(
            rollout ->
                paper.line(
                    "rollout %d: %s, %s    see: quorate rollout status %s"
                        .formatted(
                            rollout.id(),
                            Paper.clean(rollout.title()),
                            Paper.clean(rollout.state()),
                            Paper.clean(status.cluster()))));
    status.findings().forEach(finding -> paper.line(ErrorScreen.finding(paper, finding)));
  }

  public static void members(Paper paper, List<Member> members) {
    Table table =
        paper.wide()
            ? Table.of(
                "MEMBER",
                "HOST",
                "ROLE",
                "STATE",
                "VERSION",
                "DB/IN USE/QUOTA",
                ">LAG",
                ">FSYNC p99",
                "AGENT",
                "CERT",
                "ID",
                "CLIENT URL",
                "PEER URL")
            : Table.of(
                "MEMBER",
                "HOST",
                "ROLE",
                "STATE",
                "VERSION",
                "DB/IN USE/QUOTA",
                ">LAG",
                ">FSYNC p99",
                "AGENT",
                "CERT");
    for (Member each : members) {
      row(table, each, paper.now());
      if (paper.wide()) {
        table.cell(each.id()).cell(each.clientUrl()).cell(each.peerUrl());
      }
      table.end();
    }
    table.draw(paper);
  }

  private static void row(Table table, Member member, Instant now) {
    boolean known = member.database().bytes() > 0;
    table
        .cell(member.name())
        .cell(member.host())
        .cell(Records.word(member.role()))
        .cell(state(member.state()), ink(member.state()))
        .cell(member.etcdVersion())
        .cell(known ? database(member.database()) : "-")
        .cell(known ? Long.toString(member.raftLag()) : "-")
        .cell(Words.latency(member.fsyncP99Seconds()))
        .cell(agent(member.agent(), now))
        .cell(Words.left(member.certificateNotAfter(), now));
  }

  private static String database(ClusterStatus.Database database) {
    return "%s / %s / %s  %s"
        .formatted(
            Words.size(database.bytes()),
            Words.size(database.inUseBytes()),
            Words.size(database.quotaBytes()),
            Words.percent(database.bytes(), database.quotaBytes()));
  }

  private static String agent(ClusterStatus.Agent agent, Instant now) {
    return agent.connected() ? agent.version() : "gone " + Words.ago(agent.lastSeen(), now);
  }

  private static String revision(ClusterStatus status) {
    return status.revision() == status.appliedRevision()
        ? Long.toString(status.revision())
        : status.appliedRevision() + "->" + status.revision();
  }

  private static String rollout(ClusterStatus.Rollout rollout) {
    return "%d %s".formatted(rollout.id(), rollout.state());
  }

  private static String word(Health health) {
    return health.name();
  }

  private static String state(ClusterStatus.State state) {
    return state == ClusterStatus.State.WARNING ? "WARN" : state.name().toUpperCase(Locale.ROOT);
  }

  private static Paper.Ink ink(Health health) {
    return switch (health) {
      case HEALTHY -> Paper.Ink.GOOD;
      case WARNING, FORMING -> Paper.Ink.CAREFUL;
      case DEGRADED, UNAVAILABLE -> Paper.Ink.BAD;
      case UNKNOWN -> Paper.Ink.NOTE;
    };
  }

  private static Paper.Ink ink(ClusterStatus.State state) {
    return switch (state) {
      case OK -> Paper.Ink.GOOD;
      case WARNING, STARTING -> Paper.Ink.CAREFUL;
      case DOWN, STOPPED -> Paper.Ink.BAD;
      case UNKNOWN -> Paper.Ink.NOTE;
    };
  }
}
