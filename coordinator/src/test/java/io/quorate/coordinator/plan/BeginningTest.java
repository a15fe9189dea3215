package io.quorate.coordinator.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** On what a change begins, what its owner may accept, and what stops it once it has begun. */
class BeginningTest {
  private static final ClusterSpec OLD = Scenes.spec("3.5.16", 1, 2, 3);
  private static final ClusterSpec NEW = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterSpec DOWN_FIRST =
      Scenes.spec("3.5.30", "repairFailedMembersFirst: true\n", 1, 2, 3);
  private static final ClusterSpec FULL_ALLOWED =
      Scenes.spec("3.5.30", "accept: [alarm.nospace]\n", 1, 2, 3);

  @Test
  void onAHealthyCluster() {
    ClusterView view = wished(Scenes.silent(Scenes.running(OLD), 2), OLD);
    Decision.Wait wait = assertInstanceOf(Decision.Wait.class, Planner.next(NEW, view));
    assertEquals(List.of(Code.Q3007), Scenes.codes(wait));
    assertTrue(wait.holds().getFirst().sentence().contains("begins on a healthy cluster"));
    assertTrue(wait.holds().getFirst().remedy().contains("repairFailedMembersFirst: true"));
  }

  @Test
  void orWithWhatIsDownWhenItsOwnerWantsThat() {
    ClusterView view = wished(Scenes.silent(Scenes.running(OLD), 2), OLD);
    Decision.Act act = assertInstanceOf(Decision.Act.class, Planner.next(DOWN_FIRST, view));
    assertEquals(
        "fetch, verify and unpack the release for etcd-1, etcd-2, etcd-3", act.step().describe());
  }

  @Test
  void whatAnEarlierChangeHasBroughtDownIsMendedByTheNext() {
    ClusterView running = Scenes.running(OLD);
    List<Step> steps = Preview.of(NEW, running).steps();
    int restart = 0;
    while (!steps.get(restart).describe().equals("restart etcd-2 with the change")) {
      restart++;
    }
    ClusterView broken = Scenes.silent(Scenes.walked(running, steps.subList(0, restart + 1)), 2);
    // The last wish that was reached is still the one before.
    assertInstanceOf(Decision.Act.class, Planner.next(OLD, wished(broken, OLD)));
  }

  @Test
  void aFullDatabaseIsMendedBeforeUnlessItsOwnerAcceptsIt() {
    ClusterView full = wished(full(Scenes.running(OLD)), OLD);
    ClusterView laidReady = Scenes.walked(full, List.of(first(FULL_ALLOWED, full)));
    assertTrue(Scenes.codes(Planner.next(NEW, laidReady)).stream().anyMatch(FULL_CODES::contains));
    Preview preview = Preview.of(FULL_ALLOWED, full);
    assertTrue(
        preview.steps().stream()
            .anyMatch(s -> s.describe().equals("restart etcd-2 with the change")),
        () -> preview.toString());
  }

  private static final List<Code> FULL_CODES = List.of(Code.Q3009, Code.Q3007);

  @Test
  void anEtcdThatDoesNotKnowUsIsNotChanged() {
    ClusterView running = wished(Scenes.running(OLD), OLD);
    ClusterView stranger = login(running, EtcdView.Login.REFUSED);
    Step laying = first(NEW, stranger);
    assertEquals(
        List.of(Code.Q3026), Scenes.codes(Planner.next(NEW, Effects.apply(stranger, laying))));
    ClusterView admitted = login(running, EtcdView.Login.ADMITTED);
    assertInstanceOf(
        Decision.Act.class, Planner.next(NEW, Effects.apply(admitted, first(NEW, admitted))));
  }

  /** Some versions do not even tell a stranger their status. */
  @Test
  void andIsNotTakenForOneWithoutQuorum() {
    ClusterView running = wished(Scenes.running(OLD), OLD);
    ClusterView mute =
        Scenes.etcd(
            running,
            new EtcdView(
                running.now(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                EtcdView.Login.REFUSED));
    assertEquals(List.of(Code.Q3026), Scenes.codes(Planner.next(NEW, mute)));
  }

  @Test
  void aPauseSaysWhatIsStillGoingOn() {
    ClusterView begun = wished(Scenes.silent(Scenes.running(OLD), 2), OLD);
    assertEquals(List.of(Code.Q3006, Code.Q3007), Scenes.codes(Planner.next(OLD, paused(begun))));
    assertEquals(
        List.of(Code.Q3006),
        Scenes.codes(Planner.next(OLD, paused(wished(Scenes.running(OLD), OLD)))));
  }

  private static ClusterView paused(ClusterView view) {
    return Scenes.with(
        view,
        Intents.withControl(
            view.intent(),
            new Intent.Control(Intent.Mode.PAUSED, "ann", "lunch", List.of(), false, view.now())));
  }

  private static ClusterView wished(ClusterView view, ClusterSpec reached) {
    return Scenes.with(
        view, Intents.revised(view.intent(), Optional.of(reached), List.of(), "ann", view.now()));
  }

  private static Step first(ClusterSpec wanted, ClusterView view) {
    return assertInstanceOf(Decision.Act.class, Planner.next(wanted, view)).step();
  }

  private static ClusterView full(ClusterView view) {
    EtcdView was = view.etcd();
    List<EtcdView.Endpoint> endpoints =
        was.endpoints().stream()
            .map(
                e ->
                    new EtcdView.Endpoint(
                        e.member(),
                        e.status().map(BeginningTest::full),
                        e.linearizable(),
                        e.since(),
                        e.progressed()))
            .toList();
    long id = was.endpoint(MemberName.of("etcd-1")).orElseThrow().status().orElseThrow().memberId();
    return Scenes.etcd(
        view,
        new EtcdView(
            was.asked(),
            was.members(),
            endpoints,
            List.of(new EtcdView.Alarm(id, "NOSPACE")),
            was.downgrade()));
  }

  private static EtcdView.Status full(EtcdView.Status s) {
    return new EtcdView.Status(
        s.memberId(),
        s.versions(),
        s.leaderId(),
        s.learner(),
        s.raft(),
        s.database(),
        List.of("memberID:1 alarm:NOSPACE "),
        s.memberListDigest());
  }

  private static ClusterView login(ClusterView view, EtcdView.Login login) {
    EtcdView was = view.etcd();
    return Scenes.etcd(
        view,
        new EtcdView(
            was.asked(), was.members(), was.endpoints(), was.alarms(), was.downgrade(), login));
  }
}
