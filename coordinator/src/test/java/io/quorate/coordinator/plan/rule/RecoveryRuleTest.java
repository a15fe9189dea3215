package io.quorate.coordinator.plan.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Preview;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.plan.safety.Circumstance;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Of three members two were lost; the cluster is to be recovered from the third. */
class RecoveryRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);
  private static final long ID = 77;

  private static ClusterView recovering() {
    return Circumstance.withoutQuorum(Scenes.with(WELL, asked(WELL.intent())));
  }

  private static Intent asked(Intent intent) {
    return Intents.withFoundation(
        intent,
        new Intent.Foundation(
            "again",
            new Seed.Forced("prod-token"),
            List.of("prod-token"),
            false,
            ID,
            List.of(Scenes.name("etcd-3")),
            1000));
  }

  private static ClusterView back(ClusterView view) {
    return Ailment.etcd(view, WELL.etcd());
  }

  private static ClusterView aborted(ClusterView view) {
    return Scenes.with(
        view,
        Intents.withControl(
            view.intent(),
            new Intent.Control(
                Intent.Mode.ABORTED, "ada", "not now", List.of(), false, view.now())));
  }

  private static Step.Configure configure(Decision decision) {
    return assertInstanceOf(
        Step.Configure.class, assertInstanceOf(Decision.Act.class, decision).step());
  }

  @Test
  void allButTheSurvivorAreToldBeforeAnybodyIsWaitedFor() {
    ClusterView away = Ailment.LOST.afflict(recovering(), Scenes.name("etcd-3"));
    ClusterView busy = Ailment.BUSY.afflict(away, Scenes.name("etcd-3"));
    Step.Configure fence = configure(Planner.next(THREE, busy));
    assertEquals("stop etcd-1, etcd-2", fence.describe());
    for (MemberConfig document : fence.documents().values()) {
      assertTrue(document.conduct().mindsRecovery(), "they keep a quorum that they see");
    }
  }

  @Test
  void isCalledOffWhenTheQuorumIsBackHoweverFarItHasCome() {
    for (int steps = 0; steps <= 2; steps++) {
      ClusterView view = back(Scenes.after(steps, THREE, recovering()));
      assertEquals(
          "the recovery is called off: the quorum is back",
          Scenes.word(Planner.next(THREE, view)),
          "after %d steps".formatted(steps));
    }
  }

  /** They do not do what they were told while they are needed. */
  @Test
  void isCalledOffWhileHostsRefuseToStop() {
    ClusterView fenced = Scenes.after(1, THREE, recovering());
    ClusterView stuck = Ailment.STUCK.afflict(back(fenced), Scenes.name("etcd-1"));
    assertEquals(
        "the recovery is called off: the quorum is back", Scenes.word(Planner.next(THREE, stuck)));
  }

  @Test
  void whoeverWasStoppedRunsAgainOnItsOwnData() {
    ClusterView copied = Scenes.after(2, THREE, recovering());
    ClusterView off = Scenes.after(1, THREE, back(copied));
    assertTrue(off.intent().foundation().formed());
    Step.Configure again = configure(Planner.next(THREE, off));
    assertEquals("start etcd-1, etcd-2, etcd-3", again.describe());
    for (MemberConfig document : again.documents().values()) {
      assertEquals("prod-token", document.data().lineage());
      assertEquals(new Seed.Empty(), document.data().seed());
      assertFalse(document.data().supersedes().contains("prod-token"));
      assertEquals(MemberConfig.Run.RUNNING, document.conduct().run());
      assertEquals(Optional.empty(), document.conduct().acceptedQuorumLoss());
    }
    Preview whole = Preview.of(THREE, back(copied));
    assertInstanceOf(Decision.Done.class, whole.end());
    assertTrue(
        whole.steps().stream()
            .noneMatch(s -> s instanceof Step.Configure c && c.purpose() == Step.Purpose.FORCE));
  }

  /** It is told when it is back; the others do not wait for it. */
  @Test
  void aHostThatIsAwayHoldsNobodyUp() {
    ClusterView off = Scenes.after(1, THREE, back(Scenes.after(1, THREE, recovering())));
    ClusterView away = Ailment.LOST.afflict(off, Scenes.name("etcd-1"));
    assertEquals("start etcd-2", Scenes.word(Planner.next(THREE, away)));
  }

  /** Nobody commits without a quorum; so there was one. */
  @Test
  void isCalledOffWhenSomebodyHasCommittedSince() {
    ClusterView view = recovering();
    assertEquals("stop etcd-1, etcd-2", Scenes.word(Planner.next(THREE, committed(view, 1000))));
    assertEquals(
        "the recovery is called off: the quorum was back meanwhile, as etcd-1 tells",
        Scenes.word(Planner.next(THREE, committed(view, 1001))));
  }

  private static ClusterView committed(ClusterView view, long index) {
    EtcdView e = view.etcd();
    List<EtcdView.Endpoint> endpoints =
        e.endpoints().stream()
            .map(
                p ->
                    p.member().value().equals("etcd-1")
                        ? new EtcdView.Endpoint(
                            p.member(),
                            p.status().map(s -> at(s, index)),
                            p.linearizable(),
                            p.since())
                        : new EtcdView.Endpoint(
                            p.member(),
                            p.status().map(s -> at(s, 900)),
                            p.linearizable(),
                            p.since()))
            .toList();
    return Ailment.etcd(
        view,
        new EtcdView(e.asked(), e.members(), endpoints, e.alarms(), e.downgrade(), e.login()));
  }

  private static EtcdView.Status at(EtcdView.Status s, long index) {
    return new EtcdView.Status(
        s.memberId(),
        s.versions(),
        s.leaderId(),
        s.learner(),
        new EtcdView.Raft(s.raft().term(), index, index),
        s.database(),
        s.errors(),
        s.memberListDigest());
  }

  @Test
  void isCalledOffWhenAHostHasStartedItsMemberWithoutTheCoordinator() {
    ClusterView fenced = Scenes.after(1, THREE, recovering());
    ClusterView told =
        Ailment.placements(
            fenced, fenced.placements().stream().map(RecoveryRuleTest::startedAlone).toList());
    assertEquals(
        "the recovery is called off: etcd-1 was started meanwhile without the coordinator",
        Scenes.word(Planner.next(THREE, told)));
  }

  private static ClusterView.Placement startedAlone(ClusterView.Placement p) {
    return p.member().value().equals("etcd-1")
        ? new ClusterView.Placement(
            p.member(), p.host(), p.issued(), 0, p.report().map(RecoveryRuleTest::startedAlone))
        : p;
  }

  private static HostReport.Member startedAlone(HostReport.Member r) {
    return new HostReport.Member(
        r.id(),
        0,
        r.data(),
        r.unit(),
        r.ready(),
        List.of(new HostReport.Trouble(Code.Q2026, "it may have gone on", "", WELL.now())),
        r.certificates(),
        r.drifts(),
        r.activity());
  }

  /** It had not formed: there is nothing that it could go back to, and nothing to wait for. */
  @Test
  void whatHadNotFormedIsRecoveredRegardless() {
    Intent intent = asked(WELL.intent());
    Intent.Foundation f = intent.foundation();
    ClusterView view =
        Circumstance.withoutQuorum(
            Scenes.with(
                WELL,
                Intents.withFoundation(
                    intent,
                    new Intent.Foundation(
                        f.token(), f.seed(), f.supersedes(), false, 0, f.founders()))));
    Step.Configure fence = configure(Planner.next(THREE, view));
    assertTrue(fence.documents().values().stream().noneMatch(d -> d.conduct().mindsRecovery()));
    assertFalse(Scenes.word(Planner.next(THREE, aborted(view))).contains("called off"));
  }

  @Test
  void anAbortCallsItOff() {
    for (int steps = 0; steps <= 2; steps++) {
      ClusterView view = aborted(Scenes.after(steps, THREE, recovering()));
      assertEquals(
          "the recovery is called off: its owner aborted it",
          Scenes.word(Planner.next(THREE, view)));
      ClusterView off = Scenes.after(1, THREE, view);
      assertEquals(ID, off.intent().foundation().clusterId());
      assertEquals(Intent.Mode.RUNNING, off.intent().control().mode());
    }
  }

  /** What the survivor has become is the cluster now, and the others stop whatever they see. */
  @Test
  void thereIsNoWayBackOnceTheSurvivorWasTold() {
    ClusterView copied = Scenes.after(2, THREE, recovering());
    Step.Configure force = configure(Planner.next(THREE, copied));
    assertEquals(
        "force a new cluster of one from the data of etcd-3", force.describe(), "only of that one");
    assertEquals(3, force.documents().size());
    for (MemberConfig document : force.documents().values()) {
      assertTrue(document.conduct().acceptedQuorumLoss().isPresent());
      assertFalse(document.conduct().mindsRecovery());
    }
    ClusterView forced = Scenes.after(3, THREE, recovering());
    for (ClusterView view : List.of(back(forced), aborted(forced))) {
      assertFalse(Scenes.word(Planner.next(THREE, view)).contains("called off"));
    }
  }

  /** To which hosts nobody needs to be connected: they are told when they are back. */
  @Test
  void theForceWaitsForItsOwnHostOnly() {
    ClusterView copied = Scenes.after(2, THREE, recovering());
    ClusterView gone = Ailment.LOST.afflict(copied, Scenes.name("etcd-1"));
    assertEquals(
        "force a new cluster of one from the data of etcd-3",
        Scenes.word(Planner.next(THREE, gone)));
  }
}
