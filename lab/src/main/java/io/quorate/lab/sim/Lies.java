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
