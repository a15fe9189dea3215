package io.quorate.coordinator.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.quorate.common.error.Code;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.etcd.WellSince;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What must be true of a member that was restarted before the next one stops. */
class AfterEachMemberTest {
  private static final ClusterSpec NEW = Scenes.spec("3.5.30", 1, 2, 3);
  private static final MemberName FIRST = MemberName.of("etcd-2");

  /** An upgrade whose first member, etcd-2, has just been restarted. */
  private static ClusterView afterTheFirst() {
    ClusterView running = withDigests(Scenes.running(Scenes.spec("3.5.16", 1, 2, 3)));
    List<Step> steps = Preview.of(NEW, running).steps();
    int restart = 0;
    while (!steps.get(restart).describe().equals("restart etcd-2 with the change")) {
      restart++;
    }
    return Scenes.walked(running, steps.subList(0, restart + 1));
  }

  @Test
  void theNextFollowsWhenAllIsWell() {
    Decision.Act next = assertInstanceOf(Decision.Act.class, Planner.next(NEW, afterTheFirst()));
    assertEquals("restart etcd-3 with the change", next.step().describe());
  }

  @Test
  void notWhileItsProcessRunsAnotherExecutableThanTheCatalogues() {
    ClusterView view = withExecutable(afterTheFirst(), "another");
    assertEquals(List.of(Code.Q3025), held(view));
    assertEquals(List.of(Code.Q3025), held(withExecutable(afterTheFirst(), "")));
  }

  @Test
  void notWhileItAnswersAsAnotherVersion() {
    ClusterView view =
        withStatus(
            afterTheFirst(),
            s ->
                new EtcdView.Status(
                    s.memberId(),
                    new EtcdView.Versions(
                        EtcdVersion.parse("3.5.29"), s.versions().cluster(), Optional.empty()),
                    s.leaderId(),
                    s.learner(),
                    s.raft(),
                    s.database(),
                    s.errors(),
                    s.memberListDigest()));
    assertEquals(List.of(Code.Q3025), held(view));
  }

  @Test
  void notWhileItIsInAnotherTerm() {
    ClusterView view =
        withStatus(
            afterTheFirst(),
            s ->
                new EtcdView.Status(
                    s.memberId(),
                    s.versions(),
                    s.leaderId(),
                    s.learner(),
                    new EtcdView.Raft(s.raft().term() + 1, s.raft().index(), s.raft().applied()),
                    s.database(),
                    s.errors(),
                    s.memberListDigest()));
    assertEquals(List.of(Code.Q3008), held(view));
  }

  @Test
  void anElectionBeginsTheSoakAnew() {
    WellSince since = new WellSince();
    EtcdView.Endpoint endpoint = afterTheFirst().etcd().endpoint(FIRST).orElseThrow();
    Instant start = Scenes.NOW;
    assertEquals(start, stamped(since, start, endpoint));
    assertEquals(start, stamped(since, start.plusSeconds(1), endpoint));
    EtcdView.Status s = endpoint.status().orElseThrow();
    EtcdView.Endpoint elected =
        new EtcdView.Endpoint(
            FIRST,
            Optional.of(
                new EtcdView.Status(
                    s.memberId(),
                    s.versions(),
                    s.leaderId() + 1,
                    s.learner(),
                    new EtcdView.Raft(s.raft().term() + 1, s.raft().index(), s.raft().applied()),
                    s.database(),
                    s.errors(),
                    s.memberListDigest())),
            true,
            start);
    assertEquals(start.plusSeconds(2), stamped(since, start.plusSeconds(2), elected));
    assertEquals(start.plusSeconds(2), stamped(since, start.plusSeconds(3), elected));
  }

  private static Instant stamped(WellSince since, Instant now, EtcdView.Endpoint endpoint) {
    return since.stamp(Scenes.PROD, now, List.of(endpoint)).getFirst().since();
  }

  private static List<Code> held(ClusterView view) {
    Decision.Wait wait = assertInstanceOf(Decision.Wait.class, Planner.next(NEW, view));
    return wait.holds().stream().map(Hold::code).toList();
  }

  private static ClusterView withDigests(ClusterView v) {
    Map<String, String> digests = new TreeMap<>();
    v.catalogue().releases().forEach(r -> digests.put(r.sha256(), "etcd of " + r.version()));
    ClusterView view =
        new ClusterView(
            v.now(),
            v.intent(),
            v.placements(),
            v.etcd(),
            v.hosts(),
            new ClusterView.Catalogue(v.catalogue().releases(), new TreeMap<>(digests)),
            v.operations());
    for (ClusterView.Placement placement : v.placements()) {
      String version = Situation.document(placement).releases().running().version().toString();
      view = withExecutable(view, placement.member(), "etcd of " + version);
    }
    return view;
  }

  private static ClusterView withExecutable(ClusterView view, String digest) {
    return withExecutable(view, FIRST, digest);
  }

  private static ClusterView withExecutable(ClusterView v, MemberName member, String digest) {
    List<ClusterView.Placement> placements =
        v.placements().stream()
            .map(p -> p.member().equals(member) ? withExecutable(p, digest) : p)
            .toList();
    return new ClusterView(
        v.now(), v.intent(), placements, v.etcd(), v.hosts(), v.catalogue(), v.operations());
  }

  private static ClusterView.Placement withExecutable(ClusterView.Placement p, String digest) {
    HostReport.Member r = p.report().orElseThrow();
    HostReport.Running running = r.unit().running();
    HostReport.Unit unit =
        new HostReport.Unit(
            r.unit().state(),
            r.unit().enabled(),
            r.unit().restarts(),
            new HostReport.Running(
                running.pid(),
                running.started(),
                digest,
                running.executableVersion(),
                running.fingerprint()),
            r.unit().failure());
    HostReport.Member changed =
        new HostReport.Member(
            r.id(),
            r.converged(),
            r.data(),
            unit,
            r.ready(),
            r.problems(),
            r.certificates(),
            r.drifts(),
            r.activity());
    return new ClusterView.Placement(
        p.member(), p.host(), p.issued(), p.seenGeneration(), Optional.of(changed));
  }

  private static ClusterView withStatus(ClusterView v, UnaryOperator<EtcdView.Status> change) {
    EtcdView e = v.etcd();
    List<EtcdView.Endpoint> endpoints =
        e.endpoints().stream()
            .map(
                p ->
                    p.member().equals(FIRST)
                        ? new EtcdView.Endpoint(
                            p.member(), p.status().map(change), p.linearizable(), p.since())
                        : p)
            .toList();
    EtcdView etcd =
        new EtcdView(e.asked(), e.members(), endpoints, e.alarms(), e.downgrade(), e.login());
    return new ClusterView(
        v.now(), v.intent(), v.placements(), etcd, v.hosts(), v.catalogue(), v.operations());
  }
}
