package io.quorate.coordinator.plan.safety;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.ClusterView.HostView;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.EtcdView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What can be the matter with one member, as the coordinator sees it. */
public enum Ailment {
  /** Its etcd has ended and stays down; its host says so. */
  DOWN,
  /** Down for a moment only: its deadline has not passed. */
  JUST_DOWN,
  /** It runs and does not answer: its own network, or a hung disk. */
  SILENT,
  /** It answers and cannot read linearizably. */
  UNWELL,
  /** The agent's link is gone, etcd serves. */
  AWAY,
  /** The whole host is gone. */
  LOST,
  /** Its host has not finished with what it was last told. */
  BUSY,
  /** Its host says why it cannot do what it was last told. */
  STUCK,
  /** It answers, far behind the leader. */
  LAGGING;

  public static final Duration LONG = Duration.ofHours(2);

  /** All of them, and those that take a member away or leave its host at work. */
  static final List<Ailment> ALL = List.of(values());

  static final List<Ailment> GRAVE = List.of(DOWN, SILENT, UNWELL, BUSY, STUCK);
  private static final long AHEAD = 50_000;

  public ClusterView afflict(ClusterView view, MemberName name) {
    return switch (this) {
      case DOWN -> units(silent(view, name, LONG), name, Ailment::ended);
      case JUST_DOWN -> units(silent(view, name, Duration.ofSeconds(1)), name, Ailment::ended);
      case SILENT -> silent(view, name, LONG);
      case UNWELL -> endpoints(view, name, (e, s) -> endpoint(e, s, false));
      case AWAY -> disconnected(view, name);
      case LOST -> disconnected(silent(view, name, LONG), name);
      case BUSY -> units(view, name, p -> behind(p, List.of()));
      case STUCK ->
          units(
              view,
              name,
              p ->
                  behind(
                      p,
                      List.of(
                          new HostReport.Trouble(
                              Code.Q2015, "cannot fetch it", "look at it", view.now()))));
      case LAGGING -> lagging(view, name);
    };
  }

  private static Placement ended(Placement p) {
    return report(
        p,
        r ->
            new HostReport.Member(
                r.id(),
                r.converged(),
                r.data(),
                new HostReport.Unit(
                    HostReport.UnitState.FAILED,
                    true,
                    3,
                    HostReport.Running.none(),
                    new HostReport.Failure(1, List.of("panic: something"))),
                r.ready(),
                r.problems(),
                r.certificates(),
                r.drifts(),
                r.activity()));
  }

  private static Placement behind(Placement p, List<HostReport.Trouble> troubles) {
    return report(
        p,
        r ->
            new HostReport.Member(
                r.id(),
                p.issued().map(i -> i.generation() - 1).orElse(0L),
                r.data(),
                r.unit(),
                r.ready(),
                troubles,
                r.certificates(),
                r.drifts(),
                r.activity()));
  }

  private static Placement report(
      Placement p, java.util.function.UnaryOperator<HostReport.Member> change) {
    return new Placement(
        p.member(), p.host(), p.issued(), p.seenGeneration(), p.report().map(change));
  }

  private static ClusterView units(
      ClusterView v, MemberName name, java.util.function.UnaryOperator<Placement> change) {
    return placements(
        v,
        v.placements().stream().map(p -> p.member().equals(name) ? change.apply(p) : p).toList());
  }

  public static ClusterView placements(ClusterView v, List<Placement> placements) {
    return new ClusterView(
        v.now(), v.intent(), placements, v.etcd(), v.hosts(), v.catalogue(), v.operations());
  }

  private interface Change {
    EtcdView.Endpoint of(EtcdView.Endpoint endpoint, EtcdView.Status status);
  }

  private static EtcdView.Endpoint endpoint(
      EtcdView.Endpoint e, EtcdView.Status status, boolean linearizable) {
    return new EtcdView.Endpoint(e.member(), Optional.of(status), linearizable, e.since());
  }

  private static ClusterView endpoints(ClusterView view, MemberName name, Change change) {
    List<EtcdView.Endpoint> endpoints = new ArrayList<>();
    for (EtcdView.Endpoint e : view.etcd().endpoints()) {
      endpoints.add(
          e.member().equals(name) && e.status().isPresent() ? change.of(e, e.status().get()) : e);
    }
    return etcd(view, endpoints);
  }

  /** Everybody else is level with the leader, which is far ahead of this one. */
  private static ClusterView lagging(ClusterView view, MemberName name) {
    List<EtcdView.Endpoint> endpoints = new ArrayList<>();
    for (EtcdView.Endpoint e : view.etcd().endpoints()) {
      long applied = e.member().equals(name) ? 1 : AHEAD;
      boolean known = e.status().filter(s -> s.raft().index() == AHEAD).isPresent();
      boolean keep = e.status().isEmpty() || (known && !e.member().equals(name));
      endpoints.add(
          keep ? e : endpoint(e, applied(e.status().orElseThrow(), applied), e.linearizable()));
    }
    return etcd(view, endpoints);
  }

  private static EtcdView.Status applied(EtcdView.Status s, long applied) {
    return new EtcdView.Status(
        s.memberId(),
        s.versions(),
        s.leaderId(),
        s.learner(),
        new EtcdView.Raft(1, AHEAD, applied),
        s.database(),
        s.errors(),
        s.memberListDigest());
  }

  private static ClusterView silent(ClusterView view, MemberName name, Duration since) {
    List<EtcdView.Endpoint> endpoints = new ArrayList<>();
    for (EtcdView.Endpoint e : view.etcd().endpoints()) {
      endpoints.add(
          e.member().equals(name)
              ? new EtcdView.Endpoint(name, Optional.empty(), false, view.now().minus(since))
              : e);
    }
    return etcd(view, endpoints);
  }

  public static ClusterView etcd(ClusterView view, List<EtcdView.Endpoint> endpoints) {
    EtcdView e = view.etcd();
    return etcd(
        view,
        new EtcdView(e.asked(), e.members(), endpoints, e.alarms(), e.downgrade(), e.login()));
  }

  public static ClusterView etcd(ClusterView v, EtcdView etcd) {
    return new ClusterView(
        v.now(), v.intent(), v.placements(), etcd, v.hosts(), v.catalogue(), v.operations());
  }

  private static ClusterView disconnected(ClusterView v, MemberName name) {
    SortedMap<io.quorate.common.model.HostName, HostView> hosts = new TreeMap<>(v.hosts());
    v.placements().stream()
        .filter(p -> p.member().equals(name))
        .forEach(
            p ->
                hosts.computeIfPresent(
                    p.host(),
                    (n, h) ->
                        new HostView(
                            n,
                            false,
                            v.now().minus(LONG),
                            h.architecture(),
                            h.clockOffsetMillis(),
                            h.disks())));
    return new ClusterView(
        v.now(), v.intent(), v.placements(), v.etcd(), hosts, v.catalogue(), v.operations());
  }
}
