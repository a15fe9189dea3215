package io.quorate.coordinator.plan.safety;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How far hosts have got with the documents of a step that was carried out. */
public enum InFlight {
  /** Written down and on its way. */
  SENT,
  /** Stored by the hosts, which have stopped what they are to stop. */
  HALF_WAY,
  /** Stored by the hosts, which say why they cannot go on just now. */
  REFUSED,
  /** The same for hours. */
  STUCK,
  /** Taken up; the etcd that was started has ended. */
  ENDED;

  public ClusterView of(ClusterView view, Step.Configure step) {
    List<Placement> placements = new ArrayList<>(view.placements());
    List<EtcdView.Endpoint> endpoints = new ArrayList<>(view.etcd().endpoints());
    step.documents()
        .forEach(
            (host, document) -> {
              Optional<Placement> before = view.placement(document.id().member(), host);
              before.ifPresent(placements::remove);
              placements.add(after(view, host, document, before));
              boolean gone = this == HALF_WAY || this == ENDED;
              if (gone && before.map(SafetyOracle::running).orElse(false)) {
                endpoints.removeIf(e -> e.member().equals(document.id().member()));
                endpoints.add(
                    new EtcdView.Endpoint(
                        document.id().member(), Optional.empty(), false, at(view.now())));
              }
            });
    return Ailment.etcd(Ailment.placements(view, placements), endpoints);
  }

  private Instant at(Instant now) {
    return now.minus(this == STUCK || this == ENDED ? Ailment.LONG : Duration.ofSeconds(2));
  }

  private Placement after(
      ClusterView view, HostName host, MemberConfig document, Optional<Placement> before) {
    long seen = before.map(Placement::seenGeneration).orElse(0L);
    long generation = seen + 1;
    Optional<HostReport.Member> report =
        before.flatMap(Placement::report).map(r -> report(r, generation, view.now()));
    return new Placement(
        document.id().member(),
        host,
        Optional.of(new ClusterView.Issued(document, generation, at(view.now()))),
        this == SENT ? seen : generation,
        report);
  }

  private HostReport.Member report(HostReport.Member r, long generation, Instant now) {
    boolean gone = (this == HALF_WAY || this == ENDED) && r.unit().running().pid() != 0;
    HostReport.Unit unit =
        gone
            ? new HostReport.Unit(
                this == ENDED ? HostReport.UnitState.FAILED : HostReport.UnitState.STOPPED,
                r.unit().enabled(),
                r.unit().restarts(),
                HostReport.Running.none(),
                HostReport.Failure.none())
            : r.unit();
    boolean complains = this == REFUSED || this == STUCK;
    return new HostReport.Member(
        r.id(),
        this == ENDED ? generation : r.converged(),
        r.data(),
        unit,
        r.ready(),
        complains
            ? List.of(
                new HostReport.Trouble(Code.Q2019, "it would cost the quorum", "look", at(now)))
            : List.of(),
        r.certificates(),
        r.drifts(),
        r.activity());
  }
}
