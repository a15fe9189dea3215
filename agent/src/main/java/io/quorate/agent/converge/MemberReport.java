package io.quorate.agent.converge;

import io.quorate.agent.etcd.CertificatesFound;
import io.quorate.agent.etcd.LocalEtcd;
import io.quorate.agent.etcd.Stamp;
import io.quorate.agent.reconcile.MemberState;
import io.quorate.agent.reconcile.Plan;
import io.quorate.agent.service.ServiceManager.ServiceState;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Release;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What is known of one member, as the coordinator is to hear it; remembers since when. */
final class MemberReport {
  private static final Duration REPAIRED_SHOWN = Duration.ofMinutes(10);

  private final InstantSource clock;
  private final Map<String, Instant> troubles = new LinkedHashMap<>();
  private final Map<Plan.Drift, Seen> drifts = new LinkedHashMap<>();
  private volatile HostReport.Member current;
  private LocalEtcd.Identity identity = new LocalEtcd.Identity("", "", false);

  MemberReport(MemberConfig.Id id, InstantSource clock) {
    this.clock = clock;
    this.current =
        new HostReport.Member(
            id,
            0,
            new HostReport.DataState("", "", "", List.of()),
            new HostReport.Unit(
                HostReport.UnitState.ABSENT,
                false,
                0,
                HostReport.Running.none(),
                HostReport.Failure.none()),
            new HostReport.Ready(List.of(), false),
            List.of(),
            List.of(),
            List.of(),
            "");
  }

  private record Seen(Instant first, Instant last) {}

  /** What a turn found beyond the state itself. */
  record Findings(long converged, List<Problem> problems, Plan plan, List<String> lastLines) {}

  HostReport.Member current() {
    return current;
  }

  synchronized void busy(String words) {
    current = withActivity(words);
  }

  synchronized void identified(LocalEtcd.Identity newIdentity) {
    identity = newIdentity;
  }

  synchronized void broken(List<Problem> problems) {
    HostReport.Member was = current;
    current =
        new HostReport.Member(
            was.id(),
            was.converged(),
            was.data(),
            was.unit(),
            was.ready(),
            troubles(problems),
            was.certificates(),
            was.drifts(),
            "");
  }

  synchronized void observed(MemberConfig member, MemberState is, Findings findings) {
    boolean ready = is.data().stamp().map(Stamp::phase).equals(Optional.of(Stamp.Phase.READY));
    if (!ready) {
      identity = new LocalEtcd.Identity("", "", false);
    }
    current =
        new HostReport.Member(
            member.id(),
            findings.converged,
            new HostReport.DataState(
                ready ? is.data().lineage() : "",
                identity.clusterId(),
                identity.memberId(),
                is.data().setAside()),
            unit(is, findings),
            ready(member, is),
            troubles(findings.problems),
            is.certificates().all(),
            drifts(findings.plan.drifts()),
            findings.plan.waiting());
  }

  private static HostReport.Unit unit(MemberState is, Findings findings) {
    ServiceState state = is.service().state();
    return new HostReport.Unit(
        state.state(),
        state.enabled(),
        state.restarts(),
        is.service().running(),
        new HostReport.Failure(state.exitCode(), findings.lastLines));
  }

  private static HostReport.Ready ready(MemberConfig member, MemberState is) {
    TreeSet<String> there = new TreeSet<>();
    for (Release staged : member.releases().staged()) {
      there.add(staged.sha256());
    }
    is.ground().missing().forEach(missing -> there.remove(missing.sha256()));
    there.remove(member.releases().running().sha256());
    is.ground().release().ifPresent(release -> there.add(release.release().sha256()));
    return new HostReport.Ready(
        List.copyOf(there), is.certificates().state() == CertificatesFound.State.AS_WANTED);
  }

  private List<HostReport.Trouble> troubles(List<Problem> problems) {
    List<HostReport.Trouble> all = new ArrayList<>();
    Map<String, Instant> since = new LinkedHashMap<>();
    for (Problem problem : problems) {
      String key = problem.code() + problem.sentence();
      since.put(key, troubles.getOrDefault(key, clock.instant()));
      all.add(
          new HostReport.Trouble(
              problem.code(),
              problem.sentence(),
              String.join("; ", problem.remedies()),
              since.get(key)));
    }
    troubles.clear();
    troubles.putAll(since);
    return all;
  }

  /** One that was repaired is gone at the next look, but is shown for a while. */
  private List<HostReport.DriftFound> drifts(List<Plan.Drift> found) {
    Instant now = clock.instant();
    for (Plan.Drift drift : found) {
      drifts.merge(drift, new Seen(now, now), (was, is) -> new Seen(was.first, is.last));
    }
    drifts
        .entrySet()
        .removeIf(
            entry ->
                !found.contains(entry.getKey())
                    && (!entry.getKey().repaired()
                        || entry.getValue().last.plus(REPAIRED_SHOWN).isBefore(now)));
    List<HostReport.DriftFound> all = new ArrayList<>();
    drifts.forEach(
        (drift, seen) ->
            all.add(
                new HostReport.DriftFound(
                    drift.what(), drift.found(), seen.first, drift.repaired())));
    return all;
  }

  private HostReport.Member withActivity(String words) {
    HostReport.Member was = current;
    return new HostReport.Member(
        was.id(),
        was.converged(),
        was.data(),
        was.unit(),
        was.ready(),
        was.problems(),
        was.certificates(),
        was.drifts(),
        words);
  }
}
