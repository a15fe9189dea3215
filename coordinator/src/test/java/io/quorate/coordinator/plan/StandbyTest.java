package io.quorate.coordinator.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.ClusterView.HostView;
import io.quorate.coordinator.plan.EtcdView.Endpoint;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** When a spare takes over by itself, and when a person must. */
class StandbyTest {
  private static final String POLICY = "spares: [node-5, node-4]\nreplaceAfter: 30m\n";
  private static final ClusterSpec SPEC = Scenes.spec("3.5.30", POLICY, 1, 2, 3);

  @Test
  void theFirstSpareTakesThePlaceOfAHostThatIsGoneForLongEnough() {
    ClusterView seen = gone(Scenes.running(SPEC), 2, Duration.ofMinutes(31));
    assertEquals(
        new Standby.Verdict.Takes(
            MemberName.of("etcd-2"),
            HostName.of("node-2"),
            HostName.of("node-5"),
            Duration.ofMinutes(31)),
        Standby.decide(SPEC, seen));
  }

  @Test
  void aSpareThatIsAwayOrTakenIsPassedOver() {
    ClusterView seen = gone(Scenes.running(SPEC), 2, Duration.ofMinutes(31));
    Standby.Verdict.Takes takes =
        assertInstanceOf(
            Standby.Verdict.Takes.class, Standby.decide(SPEC, away(seen, 5, Duration.ZERO)));
    assertEquals(HostName.of("node-4"), takes.spare());
    assertWaits(Code.Q3405, away(away(seen, 5, Duration.ZERO), 4, Duration.ZERO));
  }

  @Test
  void notBeforeItsTime() {
    assertWaits(Code.Q3020, gone(Scenes.running(SPEC), 2, Duration.ofMinutes(29)));
  }

  @Test
  void neverWhenTwoAreGone() {
    ClusterSpec five =
        Scenes.spec("3.5.30", "spares: [node-6]\nreplaceAfter: 30m\n", 1, 2, 3, 4, 5);
    ClusterView one = gone(Scenes.running(five), 2, Duration.ofHours(1));
    assertInstanceOf(Standby.Verdict.Takes.class, Standby.decide(five, one));
    ClusterView two = gone(one, 3, Duration.ofSeconds(1));
    assertEquals(
        Code.Q3405,
        assertInstanceOf(Standby.Verdict.Waits.class, Standby.decide(five, two)).reason().code());
  }

  @Test
  void neverWhileTheHostIsThereOrItsEtcdAnswers() {
    ClusterView running = Scenes.running(SPEC);
    assertWaits(Code.Q3405, silent(running, 2, Duration.ofHours(1)));
    assertInstanceOf(
        Standby.Verdict.Nothing.class, Standby.decide(SPEC, away(running, 2, Duration.ofHours(1))));
  }

  @Test
  void neverUnlessItsOwnerSaidSo() {
    for (String policy : List.of("", "spares: [node-5]\n")) {
      ClusterSpec spec = Scenes.spec("3.5.30", policy, 1, 2, 3);
      assertInstanceOf(
          Standby.Verdict.Nothing.class,
          Standby.decide(spec, gone(Scenes.running(spec), 2, Duration.ofDays(1))));
    }
  }

  @Test
  void neverWithoutTheListThatAQuorumAgreesOn() {
    ClusterView seen = gone(Scenes.running(SPEC), 2, Duration.ofHours(1));
    EtcdView lost =
        new EtcdView(
            seen.etcd().asked(),
            Optional.empty(),
            seen.etcd().endpoints(),
            List.of(),
            Optional.empty());
    assertInstanceOf(Standby.Verdict.Nothing.class, Standby.decide(SPEC, with(seen, lost)));
  }

  @Test
  void neverInTheMiddleOfAMembershipChange() {
    ClusterView seen = gone(Scenes.running(SPEC), 2, Duration.ofHours(1));
    Step add = new Step.AddLearner(MemberName.of("etcd-6"), "https://10.77.0.16:2380");
    assertWaits(Code.Q3405, Effects.apply(seen, add));
  }

  @Test
  void whatItAsksForIsAnOrdinaryReplacementWithASnapshotFirst() {
    ClusterView seen = gone(Scenes.running(SPEC), 2, Duration.ofMinutes(31));
    ClusterSpec replaced = Scenes.spec("3.5.30", "replaceAfter: 30m\nspares: [node-4]\n", 1, 5, 3);
    List<String> words = Scenes.words(Preview.of(replaced, seen));
    assertEquals(
        List.of(
            "prepare etcd-5: release, certificates, configuration; nothing is started",
            "save a snapshot from etcd-3",
            "remove etcd-2 from the cluster",
            "add etcd-5 as a learner",
            "start etcd-5 as a learner",
            "promote etcd-5 to a voter"),
        words);
  }

  private static void assertWaits(Code code, ClusterView seen) {
    Standby.Verdict verdict = Standby.decide(SPEC, seen);
    assertTrue(
        verdict instanceof Standby.Verdict.Waits waits && waits.reason().code() == code,
        verdict::toString);
  }

  private static ClusterView gone(ClusterView view, int n, Duration since) {
    return away(silent(view, n, since), n, since);
  }

  private static ClusterView silent(ClusterView view, int n, Duration since) {
    MemberName name = MemberName.of("etcd-" + n);
    Instant at = view.now().minus(since);
    List<Endpoint> endpoints =
        view.etcd().endpoints().stream()
            .map(e -> e.member().equals(name) ? new Endpoint(name, Optional.empty(), false, at) : e)
            .toList();
    EtcdView was = view.etcd();
    return with(
        view, new EtcdView(was.asked(), was.members(), endpoints, was.alarms(), was.downgrade()));
  }

  private static ClusterView away(ClusterView view, int n, Duration since) {
    HostName name = HostName.of("node-" + n);
    SortedMap<HostName, HostView> hosts = new TreeMap<>(view.hosts());
    hosts.put(name, new HostView(name, false, view.now().minus(since), "amd64", 0, List.of()));
    return new ClusterView(
        view.now(),
        view.intent(),
        view.placements(),
        view.etcd(),
        hosts,
        view.catalogue(),
        view.operations());
  }

  private static ClusterView with(ClusterView view, EtcdView etcd) {
    return new ClusterView(
        view.now(),
        view.intent(),
        view.placements(),
        etcd,
        view.hosts(),
        view.catalogue(),
        view.operations());
  }
}
