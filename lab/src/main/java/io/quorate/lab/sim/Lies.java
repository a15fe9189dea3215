package io.quorate.lab.sim;

import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.plan.EtcdView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a coordinator with a {@link Plant} believes. */
final class Lies {
  private Lies() {}

  /** The host has done all that the document says. */
  static HostReport.Member done(MemberConfig document, HostReport report, Instant now) {
    boolean runs = document.conduct().run() == MemberConfig.Run.RUNNING;
    return new HostReport.Member(
        document.id(),
        Long.MAX_VALUE,
        new HostReport.DataState(document.data().lineage(), "", "", List.of()),
        new HostReport.Unit(
            runs ? HostReport.UnitState.RUNNING : HostReport.UnitState.STOPPED,
            runs,
            0,
            runs
                ? new HostReport.Running(
                    1, now.minusSeconds(86_400), "", "", document.fingerprint())
                : HostReport.Running.none(),
            HostReport.Failure.none()),
        new HostReport.Ready(List.of(), true),
        List.of(),
        List.of(),
        List.of(),
        "");
  }

  /** Nobody agrees on anything, and nobody ever did. */
  static EtcdView lost(EtcdView view) {
    return new EtcdView(
        view.asked(),
        Optional.empty(),
        view.endpoints().stream()
            .map(
                e ->
                    new EtcdView.Endpoint(
                        e.member(), e.status().map(Lies::empty), false, e.since()))
            .toList(),
        view.alarms(),
        view.downgrade(),
        view.login());
  }

  private static EtcdView.Status empty(EtcdView.Status s) {
    return new EtcdView.Status(
        s.memberId(),
        s.versions(),
        0,
        s.learner(),
        new EtcdView.Raft(s.raft().term(), 0, 0),
        s.database(),
        s.errors(),
        s.memberListDigest());
  }

  /** Whoever is silent answers as somebody else does. */
  static EtcdView well(EtcdView view, Instant now) {
    Optional<EtcdView.Status> some =
        view.endpoints().stream().flatMap(e -> e.status().stream()).findFirst();
    return new EtcdView(
        view.asked(),
        view.members(),
        view.endpoints().stream()
            .map(
                e ->
                    new EtcdView.Endpoint(
                        e.member(), e.status().or(() -> some), true, now.minusSeconds(86_400)))
            .toList(),
        List.of(),
        view.downgrade(),
        view.login());
  }
}
