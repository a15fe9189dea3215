package io.quorate.coordinator.api;

import io.quorate.common.error.Code;
import io.quorate.coordinator.api.v1.ActivityView;
import io.quorate.coordinator.api.v1.CheckReport;
import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.api.v1.Finding;
import io.quorate.coordinator.api.v1.HostView;
import io.quorate.coordinator.api.v1.OperatorView;
import io.quorate.coordinator.api.v1.PlanView;
import io.quorate.coordinator.api.v1.ReleaseView;
import io.quorate.coordinator.api.v1.RolloutView;
import io.quorate.coordinator.api.v1.SnapshotView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The cluster prod, as in the documents, at one instant. */
public final class Samples {
  public static final Instant NOW = Instant.parse("2026-11-21T01:06:23Z");
  public static final String DIGEST = "ab".repeat(32);
  private static final long GIB = 1L << 30;

  private Samples() {}

  public static ClusterStatus status() {
    return status(ClusterStatus.Health.WARNING);
  }

  public static ClusterStatus status(ClusterStatus.Health health) {
    return new ClusterStatus(
        "prod",
        health,
        "3.5.30",
        41,
        41,
        "cdf818194e3a8c32",
        new ClusterStatus.Quorum(3, 3, 2, 1),
        Optional.empty(),
        Optional.of(NOW.minus(Duration.ofMinutes(12))),
        NOW,
        List.of(
            member(1, ClusterStatus.Role.VOTER, ClusterStatus.State.OK, 0, 0.006, 88),
            member(2, ClusterStatus.Role.LEADER, ClusterStatus.State.OK, 0, 0.005, 88),
            member(3, ClusterStatus.Role.VOTER, ClusterStatus.State.WARNING, 2, 0.031, 6)),
        List.of(
            Finding.of(
                Code.Q2107,
                "etcd-3 certificate expires in 6d",
                "etcd-3",
                "quorate certs rotate prod --member etcd-3")));
  }

  private static ClusterStatus.Member member(
      int number,
      ClusterStatus.Role role,
      ClusterStatus.State state,
      long lag,
      double fsync,
      long days) {
    return new ClusterStatus.Member(
        "etcd-" + number,
        "node-" + number,
        "8e9e05c52164694" + number,
        role,
        state,
        "3.5.30",
        new ClusterStatus.Database(GIB * 12 / 10, GIB * 9 / 10, 8 * GIB),
        lag,
        Optional.of(fsync),
        new ClusterStatus.Agent(true, "0.1", Optional.of(NOW)),
        Optional.of(NOW.plus(Duration.ofDays(days))),
        "https://10.77.0.1" + number + ":2379",
        "https://10.77.0.1" + number + ":2380");
  }

  public static PlanView plan() {
    return new PlanView(
        "7f3c",
        "prod",
        false,
        41,
        new ClusterStatus.Quorum(3, 2, 2, 0),
        List.of(
            change(PlanView.Kind.CHANGE, "prod", "version", "3.5.16", "3.5.30", "online, rolling"),
            change(
                PlanView.Kind.CHANGE, "etcd-2", "quota-backend-bytes", "2GiB", "8GiB", "restart"),
            change(PlanView.Kind.ADD, "etcd-4", "add as learner -> promote", "", "", ""),
            change(
                PlanView.Kind.REMOVE,
                "etcd-1",
                "remove after etcd-4 is a voter; its data directory is kept aside",
                "",
                "",
                "")),
        List.of(
            step(1, "save-snapshot", "snapshot"),
            step(2, "add-learner", "+etcd-4"),
            step(3, "configure", "etcd-3"),
            step(4, "configure", "etcd-2 (leader last, moves to etcd-3 first)"),
            step(5, "remove-member", "-etcd-1")),
        List.of("in sync (lag <100)", "fsync p99 <500ms", "one member down at most"),
        new PlanView.Totals(2, 1, 1, 3, 1, 40),
        List.of(),
        NOW);
  }

  public static PlanView nothingToDo() {
    return new PlanView(
        "0000",
        "prod",
        false,
        41,
        new ClusterStatus.Quorum(3, 3, 2, 1),
        List.of(),
        List.of(),
        List.of(),
        new PlanView.Totals(0, 0, 0, 0, 0, 0),
        List.of(),
        NOW);
  }

  private static PlanView.Change change(
      PlanView.Kind kind, String subject, String what, String from, String to, String effect) {
    return new PlanView.Change(kind, subject, what, from, to, effect);
  }

  private static PlanView.Step step(int number, String kind, String label) {
    return new PlanView.Step(number, kind, label, label, "step " + number + ": " + label);
  }

  public static RolloutView rollout(RolloutView.State state) {
    boolean over = state == RolloutView.State.DONE || state == RolloutView.State.ABORTED;
    return new RolloutView(
        118,
        "prod",
        "Upgrade prod 3.5.16 -> 3.5.30",
        41,
        42,
        state,
        NOW.minusSeconds(21),
        over ? Optional.of(NOW) : Optional.empty(),
        "ann",
        new RolloutView.Progress(
            over ? 12 : 7, 12, over ? Optional.empty() : Optional.of(15L), Optional.empty()),
        List.of(
            done(1, "snapshot", "1.2 GiB, hash verified", 21, 17),
            done(2, "etcd-3", "restarted, in sync (lag 0)", 17, 14),
            new RolloutView.Step(
                3,
                "configure",
                "etcd-2",
                over ? RolloutView.StepState.DONE : RolloutView.StepState.RUNNING,
                "waiting for raft lag 2310 -> <100",
                Optional.of(NOW.minusSeconds(2)),
                over ? Optional.of(NOW) : Optional.empty()),
            new RolloutView.Step(
                4,
                "configure",
                "etcd-1",
                over ? RolloutView.StepState.DONE : RolloutView.StepState.WAITING,
                "leader; moves to etcd-3 first",
                Optional.empty(),
                Optional.empty())),
        state == RolloutView.State.FAILED
            ? List.of(
                Finding.of(
                    Code.Q3102,
                    "refused to stop etcd-2: quorum would be lost (2 of 3 healthy, 2 needed)",
                    "etcd-2",
                    "quorate host describe node-1"))
            : List.of());
  }

  /** What was wanted cannot be done at all, or not go on after its first step. */
  public static RolloutView refused(List<RolloutView.Step> begun) {
    return new RolloutView(
        119,
        "prod",
        "Change the members of prod",
        41,
        42,
        RolloutView.State.FAILED,
        NOW.minusSeconds(1),
        Optional.empty(),
        "ann",
        new RolloutView.Progress(
            begun.size(), begun.size(), Optional.empty(), Optional.of(NOW.minusSeconds(1))),
        begun,
        List.of(
            Finding.of(
                Code.Q3601,
                "etcd-1 is to move to node-2, where etcd-2 of this cluster still is",
                "",
                "bring etcd-2 away from there first, then move etcd-1")));
  }

  public static RolloutView.Step done(int number, String subject, String text, int from, int to) {
    return new RolloutView.Step(
        number,
        "configure",
        subject,
        RolloutView.StepState.DONE,
        text,
        Optional.of(NOW.minusSeconds(from)),
        Optional.of(NOW.minusSeconds(to)));
  }

  public static HostView host(String name) {
    return new HostView(
        name,
        HostView.State.CONNECTED,
        Optional.of(NOW),
        Optional.of(NOW.minus(Duration.ofDays(3))),
        "0.1",
        Optional.of(
            new HostView.Facts(
                "Debian GNU/Linux 12",
                "6.1.0",
                "amd64",
                4,
                8 * GIB,
                "systemd",
                List.of("10.77.0.11"))),
        Optional.of(0.012),
        Optional.of(NOW.plus(Duration.ofDays(20))),
        List.of(new HostView.Member("prod", "etcd-1", "running", 0, "3.5.30")),
        List.of(
            new HostView.Disk(
                "prod",
                "data",
                "/var/lib/etcd/prod",
                "/dev/vda1",
                new HostView.Space("xfs", 100 * GIB, 80 * GIB, 52_000_000),
                Optional.of(
                    new HostView.Fsync(
                        0.002,
                        0.006,
                        0.009,
                        List.of(5L, 80L, 10L, 4L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L),
                        0.25)),
                new HostView.Rates(0, 1.5e6, 0.02))),
        List.of(),
        List.of());
  }

  public static OperatorView operator(String name, boolean revoked) {
    return new OperatorView(
        name,
        "operator",
        "1f",
        NOW.minus(Duration.ofDays(3)),
        "admin",
        NOW.plus(Duration.ofDays(362)),
        revoked ? Optional.of(NOW) : Optional.empty());
  }

  public static ReleaseView release() {
    return new ReleaseView("3.5.30", "amd64", DIGEST, 20_000_000, NOW, "ann", List.of("prod"));
  }

  public static SnapshotView snapshot() {
    return new SnapshotView(
        "20261121-010000-prod",
        "prod",
        "etcd-3",
        "3.5.30",
        NOW.minus(Duration.ofMinutes(12)),
        GIB * 12 / 10,
        DIGEST,
        123_456,
        9_876,
        Optional.of(NOW.minus(Duration.ofMinutes(12))),
        Optional.empty(),
        Optional.empty(),
        Optional.of(2.4));
  }

  public static SnapshotView.Recovery recovery() {
    return new SnapshotView.Recovery(
        "prod",
        List.of(
            new SnapshotView.Survivor("etcd-2", "node-2", true, 3, 123_456, Optional.of(NOW)),
            new SnapshotView.Survivor("etcd-1", "node-1", false, 0, 0, Optional.empty())),
        "etcd-2",
        "Everything that etcd-2 had not yet received is lost.",
        List.of("fence all others", "force a new cluster of one, once"),
        List.of());
  }

  public static CheckReport check(CheckReport.Result worst) {
    return new CheckReport(
        "prod",
        "deploy",
        List.of(
            new CheckReport.Check(
                "node-1", "port.free", CheckReport.Result.PASS, "Q2010", "2379, 2380", ""),
            new CheckReport.Check(
                "node-2",
                "disk.space",
                worst,
                "Q2014",
                "1.0G free, 4.0G wanted",
                "make room in /var/lib/etcd")));
  }

  public static ActivityView.Event event(long id) {
    return new ActivityView.Event(
        id,
        NOW,
        ActivityView.Severity.WARNING,
        "prod",
        "Q2107",
        "etcd-3",
        "certificate ends in 6d");
  }
}
