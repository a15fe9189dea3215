package io.quorate.coordinator.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What follows when a host cannot do what it was told, or its etcd does not stay up. */
class FailedChangeTest {
  private static final ClusterSpec OLD = Scenes.spec("3.5.16", 1, 2, 3);
  private static final ClusterSpec NEW = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterSpec NEW_OR_BACK =
      Scenes.spec("3.5.30", "rollout: {onFailure: rollback}\n", 1, 2, 3);
  private static final Instant NOW = Scenes.NOW;
  private static final Duration SHORT = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofMinutes(3);

  @Test
  void aReleaseThatCannotBeLaidReadySomewhereStopsEverybody() {
    ClusterView staging = after(NEW, "fetch");
    ClusterView full =
        troubled(staging, "etcd-3", Code.Q2014, HostReport.UnitState.RUNNING, List.of());
    Decision.Wait wait = assertInstanceOf(Decision.Wait.class, Planner.next(NEW, full));
    assertEquals(Code.Q3002, wait.holds().getFirst().code());
    Decision.Refuse refuse =
        assertInstanceOf(Decision.Refuse.class, Planner.next(NEW, later(full, LONG)));
    assertTrue(refuse.failed());
    assertEquals(Code.Q2014, refuse.reasons().getFirst().code());
  }

  /** A host could not go on then; what it says is from that time. */
  @Test
  void theTimeInWhichTheCoordinatorWasAwayIsNotTheHosts() {
    ClusterView view =
        later(
            troubled(
                after(NEW, "fetch"), "etcd-3", Code.Q2014, HostReport.UnitState.RUNNING, List.of()),
            LONG);
    SortedMap<HostName, ClusterView.HostView> hosts = new TreeMap<>(view.hosts());
    hosts.replaceAll(
        (name, h) ->
            new ClusterView.HostView(
                h.name(),
                h.connected(),
                h.lastSeen(),
                view.now().minusSeconds(2),
                h.architecture(),
                h.clockOffsetMillis(),
                h.disks()));
    ClusterView back =
        new ClusterView(
            view.now(),
            view.intent(),
            view.placements(),
            view.etcd(),
            hosts,
            view.catalogue(),
            view.operations());
    Decision.Wait wait = assertInstanceOf(Decision.Wait.class, Planner.next(NEW, back));
    assertEquals(Code.Q3002, wait.holds().getFirst().code());
  }

  @Test
  void aCrashLoopFailsAsSoonAsTheServiceManagerHasGivenUp() {
    ClusterView crashed = crashed(NEW, List.of());
    assertInstanceOf(Decision.Wait.class, Planner.next(NEW, crashed));
    Decision.Refuse refuse =
        assertInstanceOf(Decision.Refuse.class, Planner.next(NEW, later(crashed, SHORT)));
    assertTrue(refuse.failed());
    assertEquals(Code.Q2023, refuse.reasons().getFirst().code());
  }

  @Test
  void knownLastWordsAreNamedWithTheirRemedy() {
    ClusterView crashed =
        crashed(
            NEW,
            List.of(
                "{\"level\":\"fatal\",\"msg\":\"discovery failed\",\"error\":\"auth: invalid auth options\"}"));
    Decision.Refuse refuse =
        assertInstanceOf(Decision.Refuse.class, Planner.next(NEW, later(crashed, SHORT)));
    Hold hold = refuse.reasons().getFirst();
    assertEquals(Code.Q3301, hold.code());
    assertTrue(hold.sentence().contains("does not take the setting auth-token"), hold::sentence);
    assertTrue(
        hold.sentence().contains("discovery failed: auth: invalid auth options"), hold::sentence);
  }

  @Test
  void itGoesBackByItselfOnlyWhenItsOwnerSaidSo() {
    ClusterView crashed = later(crashed(NEW_OR_BACK, List.of()), SHORT);
    Decision.Act back = assertInstanceOf(Decision.Act.class, Planner.next(NEW_OR_BACK, crashed));
    assertInstanceOf(
        Step.Decided.TurnedBack.class, assertInstanceOf(Step.Note.class, back.step()).decided());
    assertInstanceOf(Decision.Refuse.class, Planner.next(NEW, crashed));
  }

  @Test
  void pastThePointOfNoReturnItStaysWhereItIs() {
    ClusterView crashed = later(crashed(NEW_OR_BACK, List.of()), SHORT);
    ClusterView raised = withClusterVersion(crashed, EtcdVersion.parse("3.6.0"));
    Decision.Refuse refuse =
        assertInstanceOf(Decision.Refuse.class, Planner.next(NEW_OR_BACK, raised));
    assertEquals(Code.Q3206, refuse.reasons().getFirst().code());
  }

  @Test
  void goingOnGivesTheSameTimeAgain() {
    ClusterView crashed = later(crashed(NEW, List.of()), SHORT);
    Intent.Control control =
        new Intent.Control(Intent.Mode.RUNNING, "ada", "", List.of(), false, crashed.now());
    ClusterView resumed = Scenes.with(crashed, Intents.withControl(crashed.intent(), control));
    assertInstanceOf(Decision.Wait.class, Planner.next(NEW, resumed));
  }

  /** A crash loop does not keep the older release from being laid ready, and from being started. */
  @Test
  void theWayBackIsOpenToAMemberThatDoesNotStayUp() {
    ClusterView crashed = crashed(NEW, List.of());
    ClusterView turned = Scenes.with(crashed, Intents.turnedBack(crashed.intent(), "crashed", NOW));
    Step staged = assertInstanceOf(Decision.Act.class, Planner.next(OLD, turned)).step();
    assertTrue(staged.describe().startsWith("fetch"), staged::describe);
    ClusterView ready = crashing(Effects.apply(turned, staged), List.of());
    Decision decision = Planner.next(OLD, ready);
    Step next = assertInstanceOf(Decision.Act.class, decision, decision::toString).step();
    assertFalse(next.describe().startsWith("fetch"), next::describe);
  }

  @Test
  void anotherWishGoesAheadOfWhatIsStuck() {
    ClusterView crashed = crashed(NEW, List.of());
    ClusterSpec mended = Scenes.spec("3.5.16", "etcd: {quota-backend-bytes: 4GiB}\n", 1, 2, 3);
    assertFalse(
        Planner.next(mended, crashed) instanceof Decision.Wait w
            && w.holds().getFirst().code() == Code.Q3002,
        () -> Planner.next(mended, crashed).toString());
  }

  /** The first member that was restarted ends again and again. */
  private static ClusterView crashed(ClusterSpec wanted, List<String> lines) {
    return crashing(after(wanted, "restart"), lines);
  }

  private static ClusterView crashing(ClusterView view, List<String> lines) {
    return troubled(view, "etcd-2", Code.Q2023, HostReport.UnitState.FAILED, lines);
  }

  /** On the way from the old to the new, after the first step whose description begins so. */
  private static ClusterView after(ClusterSpec wanted, String begins) {
    ClusterView running = Scenes.running(OLD);
    ClusterView view =
        Scenes.with(
            running, Intents.revised(running.intent(), Optional.of(OLD), List.of(), "ada", NOW));
    for (Step step : Preview.of(wanted, view).steps()) {
      view = Effects.apply(view, step);
      if (step.describe().startsWith(begins)) {
        return view;
      }
    }
    throw new IllegalStateException("no step begins with " + begins);
  }

  private static ClusterView troubled(
      ClusterView view,
      String member,
      Code code,
      HostReport.UnitState state,
      List<String> lastLines) {
    List<Placement> placements =
        view.placements().stream()
            .map(p -> p.member().value().equals(member) ? troubled(p, code, state, lastLines) : p)
            .toList();
    EtcdView etcd = view.etcd();
    EtcdView silent =
        state == HostReport.UnitState.RUNNING
            ? etcd
            : new EtcdView(
                etcd.asked(),
                etcd.members(),
                etcd.endpoints().stream()
                    .map(
                        e ->
                            e.member().value().equals(member)
                                ? new EtcdView.Endpoint(
                                    e.member(), Optional.empty(), false, e.since())
                                : e)
                    .toList(),
                etcd.alarms(),
                etcd.downgrade());
    return new ClusterView(
        view.now(),
        view.intent(),
        placements,
        silent,
        view.hosts(),
        view.catalogue(),
        view.operations());
  }

  private static Placement troubled(
      Placement placement, Code code, HostReport.UnitState state, List<String> lastLines) {
    HostReport.Member was = placement.report().orElseThrow();
    HostReport.Member now =
        new HostReport.Member(
            was.id(),
            was.converged() - 1,
            was.data(),
            new HostReport.Unit(
                state,
                true,
                5,
                state == HostReport.UnitState.RUNNING
                    ? was.unit().running()
                    : HostReport.Running.none(),
                new HostReport.Failure(1, lastLines)),
            code == Code.Q2014 ? new HostReport.Ready(List.of(), true) : was.ready(),
            List.of(new HostReport.Trouble(code, "trouble", "remedy", NOW)),
            was.certificates(),
            was.drifts(),
            "");
    return new Placement(
        placement.member(),
        placement.host(),
        placement.issued().map(i -> new ClusterView.Issued(i.document(), i.generation(), NOW)),
        placement.seenGeneration(),
        Optional.of(now));
  }

  private static ClusterView withClusterVersion(ClusterView view, EtcdVersion version) {
    EtcdView etcd = view.etcd();
    List<EtcdView.Endpoint> raised =
        etcd.endpoints().stream()
            .map(
                e ->
                    new EtcdView.Endpoint(
                        e.member(),
                        e.status().map(s -> raised(s, version)),
                        e.linearizable(),
                        e.since()))
            .toList();
    return new ClusterView(
        view.now(),
        view.intent(),
        view.placements(),
        new EtcdView(etcd.asked(), etcd.members(), raised, etcd.alarms(), etcd.downgrade()),
        view.hosts(),
        view.catalogue(),
        view.operations());
  }

  private static EtcdView.Status raised(EtcdView.Status status, EtcdVersion version) {
    return new EtcdView.Status(
        status.memberId(),
        new EtcdView.Versions(
            status.versions().server(), Optional.of(version), status.versions().storage()),
        status.leaderId(),
        status.learner(),
        status.raft(),
        status.database(),
        status.errors(),
        status.memberListDigest());
  }

  private static ClusterView later(ClusterView view, Duration passed) {
    Instant now = view.now().plus(passed);
    EtcdView etcd = view.etcd();
    return new ClusterView(
        now,
        view.intent(),
        view.placements(),
        new EtcdView(now, etcd.members(), etcd.endpoints(), etcd.alarms(), etcd.downgrade()),
        view.hosts(),
        view.catalogue(),
        view.operations());
  }
}
