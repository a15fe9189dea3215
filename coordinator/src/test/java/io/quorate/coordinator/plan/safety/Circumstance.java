package io.quorate.coordinator.plan.safety;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What can be the matter with the cluster as a whole, or with what is known of it. */
public enum Circumstance {
  NONE,
  NO_LEADER,
  /** One member still believes in another leader. */
  TWO_LEADERS,
  /** One member still has another list. */
  TWO_LISTS,
  ALARM,
  /** The observation is a minute old. */
  STALE,
  /** What was sent to a host has had no outcome. */
  OPERATION,
  PAUSED,
  ABORTED,
  FAILED;

  /** Nothing may be done at all. */
  boolean forbidsEverything() {
    return switch (this) {
      case STALE, PAUSED, ABORTED, FAILED -> true;
      default -> false;
    };
  }

  public ClusterView of(ClusterView view) {
    EtcdView etcd = view.etcd();
    return switch (this) {
      case NONE -> view;
      case NO_LEADER -> statuses(view, (i, s) -> with(s, 0, s.memberListDigest()));
      case TWO_LEADERS ->
          statuses(view, (i, s) -> i == 0 ? with(s, other(view, s), s.memberListDigest()) : s);
      case TWO_LISTS -> statuses(view, (i, s) -> with(s, s.leaderId(), i == 0 ? "one" : "two"));
      case ALARM ->
          Ailment.etcd(
              view,
              new EtcdView(
                  etcd.asked(),
                  etcd.members(),
                  etcd.endpoints(),
                  List.of(new EtcdView.Alarm(1, "NOSPACE")),
                  etcd.downgrade(),
                  etcd.login()));
      case STALE ->
          new ClusterView(
              view.now().plus(Duration.ofMinutes(1)),
              view.intent(),
              view.placements(),
              etcd,
              view.hosts(),
              view.catalogue(),
              view.operations());
      case OPERATION ->
          new ClusterView(
              view.now(),
              view.intent(),
              view.placements(),
              etcd,
              view.hosts(),
              view.catalogue(),
              view.placements().stream()
                  .limit(1)
                  .map(
                      p ->
                          new ClusterView.PendingOperation(
                              "step-1", "SaveSnapshot", p.host(), p.member(), view.now()))
                  .toList());
      case PAUSED -> mode(view, Intent.Mode.PAUSED);
      case ABORTED -> mode(view, Intent.Mode.ABORTED);
      case FAILED ->
          Journey.with(
              view,
              Intents.withFailure(
                  view.intent(),
                  Optional.of(
                      new Intent.Failure(
                          Hold.of(Code.Q3301, "it failed"), "restart", view.now()))));
    };
  }

  private static ClusterView mode(ClusterView view, Intent.Mode mode) {
    return Journey.with(
        view,
        Intents.withControl(
            view.intent(), new Intent.Control(mode, "ada", "", List.of(), false, Instant.EPOCH)));
  }

  private interface Change {
    EtcdView.Status of(int index, EtcdView.Status status);
  }

  private static ClusterView statuses(ClusterView view, Change change) {
    List<EtcdView.Endpoint> endpoints = new ArrayList<>();
    int index = 0;
    for (EtcdView.Endpoint e : view.etcd().endpoints()) {
      int at = index++;
      endpoints.add(
          new EtcdView.Endpoint(
              e.member(), e.status().map(s -> change.of(at, s)), e.linearizable(), e.since()));
    }
    return Ailment.etcd(view, endpoints);
  }

  /** Whoever is listed and is not the leader that it names. */
  private static long other(ClusterView view, EtcdView.Status s) {
    return view.etcd().members().stream()
        .flatMap(l -> l.members().stream())
        .map(EtcdView.Member::id)
        .filter(id -> id != s.leaderId())
        .findFirst()
        .orElse(7L);
  }

  public static ClusterView led(ClusterView view, long leader) {
    return statuses(view, (i, s) -> with(s, leader, s.memberListDigest()));
  }

  private static EtcdView.Status with(EtcdView.Status s, long leader, String digest) {
    return new EtcdView.Status(
        s.memberId(),
        s.versions(),
        leader,
        s.learner(),
        s.raft(),
        s.database(),
        s.errors(),
        digest);
  }

  /** What those that answer say when too few of them are left: no leader, no list, no reads. */
  public static ClusterView withoutQuorum(ClusterView view) {
    ClusterView leaderless = NO_LEADER.of(view);
    EtcdView e = leaderless.etcd();
    List<EtcdView.Endpoint> endpoints =
        e.endpoints().stream()
            .map(p -> new EtcdView.Endpoint(p.member(), p.status(), false, p.since()))
            .toList();
    return Ailment.etcd(
        leaderless,
        new EtcdView(e.asked(), Optional.empty(), endpoints, e.alarms(), e.downgrade(), e.login()));
  }
}
