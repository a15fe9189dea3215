package io.quorate.coordinator.plan.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Preview;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.plan.safety.Circumstance;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A cluster is laid down, or laid down anew. */
class FoundingRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static ClusterView anew(Seed seed, String... founders) {
    return Scenes.with(
        WELL,
        Intents.withFoundation(
            WELL.intent(),
            new Intent.Foundation(
                "again",
                seed,
                List.of("prod-token"),
                false,
                0,
                java.util.Arrays.stream(founders).map(Scenes::name).toList())));
  }

  private static ClusterView recovering(String survivor) {
    return Circumstance.withoutQuorum(anew(new Seed.Forced("prod-token"), survivor));
  }

  @Test
  void aRestoreLaysTheSnapshotDownEverywhereBeforeAnybodyStarts() {
    ClusterView view = anew(new Seed.Snapshot("5".repeat(64), 9, 1000, true, false));
    assertEquals(
        List.of(
            "lay the snapshot down for etcd-1, etcd-2, etcd-3",
            "start etcd-1, etcd-2, etcd-3 together as a new cluster",
            "the cluster is back",
            "change etcd-1, etcd-2, etcd-3 without a restart"),
        Scenes.words(Preview.of(THREE, view)),
        "in the end what was accepted is accepted no more");
  }

  @Test
  void itsDocumentsNameWhatMayBeSetAsideAndThatItsOwnerAcceptedIt() {
    ClusterView view = anew(new Seed.Snapshot("5".repeat(64), 9, 1000, true, false));
    Step.Configure laid =
        assertInstanceOf(
            Step.Configure.class,
            assertInstanceOf(Decision.Act.class, Planner.next(THREE, view)).step());
    for (MemberConfig document : laid.documents().values()) {
      assertEquals("again", document.data().lineage());
      assertEquals(List.of("prod-token"), document.data().supersedes());
      assertEquals(Optional.of("restore"), document.conduct().acceptedQuorumLoss());
      assertEquals(MemberConfig.Run.PREPARED, document.conduct().run());
    }
  }

  @Test
  void aRecoveryFencesTheOthersForcesTheSurvivorAndGrowsAgain() {
    ClusterView view = recovering("etcd-3");
    List<String> words = Scenes.words(Preview.of(THREE, view));
    assertEquals(
        List.of(
            "stop etcd-1, etcd-2",
            "stop etcd-3, copy its data aside and try the copy",
            "force a new cluster of one from the data of etcd-3",
            "the cluster is back"),
        words.subList(0, 4));
    assertTrue(words.contains("promote etcd-2 to a voter"), words::toString);
    assertInstanceOf(Decision.Done.class, Preview.of(THREE, view).end());
  }

  /** A coordinator that was started after they were lost has never heard of them. */
  @Test
  void aRecoveryFencesThoseThatNothingIsKnownOf() {
    ClusterView view = recovering("etcd-3");
    for (String lost : List.of("etcd-1", "etcd-2")) {
      view = unheard(Ailment.LOST.afflict(view, Scenes.name(lost)), Scenes.name(lost));
    }
    assertEquals("stop etcd-1, etcd-2", Scenes.word(Planner.next(THREE, view)));
    assertEquals(
        "stop etcd-3, copy its data aside and try the copy",
        Scenes.words(Preview.of(THREE, view)).get(1));
  }

  private static ClusterView unheard(ClusterView v, MemberName member) {
    return new ClusterView(
        v.now(),
        v.intent(),
        v.placements().stream()
            .map(
                p ->
                    p.member().equals(member)
                        ? new ClusterView.Placement(
                            p.member(), p.host(), p.issued(), 0, Optional.empty())
                        : p)
            .toList(),
        v.etcd(),
        v.hosts(),
        v.catalogue(),
        v.operations());
  }

  @Test
  void nothingBeginsWhileOneOfItsHostsSaysWhyItCannot() {
    ClusterView restored = anew(new Seed.Snapshot("5".repeat(64), 9, 1000, true, false));
    ClusterView laid = Scenes.after(1, THREE, restored);
    ClusterView stuck = Ailment.STUCK.afflict(laid, Scenes.name("etcd-2"));
    assertEquals(List.of(Code.Q3002), Scenes.codes(Planner.next(THREE, stuck)));
    // That its etcd was killed before tells nothing: it is not told to run yet.
    ClusterView later = Scenes.leftAlone(stuck, Duration.ofMinutes(1));
    assertEquals(List.of(Code.Q3002), Scenes.codes(Planner.next(THREE, later)));
    ClusterView tooLate = Scenes.leftAlone(stuck, Duration.ofMinutes(3));
    assertInstanceOf(Decision.Refuse.class, Planner.next(THREE, tooLate));
    ClusterView fenced = Scenes.after(1, THREE, recovering("etcd-3"));
    ClusterView running = Ailment.STUCK.afflict(fenced, Scenes.name("etcd-1"));
    assertEquals(List.of(Code.Q3002), Scenes.codes(Planner.next(THREE, running)));
  }

  @Test
  void onlyTheSurvivorIsStartedByAForce() {
    ClusterView view = recovering("etcd-3");
    for (Step step : Preview.of(THREE, view).steps()) {
      if (step instanceof Step.Configure c && c.purpose() == Step.Purpose.FORCE) {
        assertEquals(List.of(HostName.of("node-3")), List.copyOf(c.due().keySet()));
        c.documents().values().stream()
            .filter(d -> !d.id().member().equals(Scenes.name("etcd-3")))
            .forEach(d -> assertEquals(MemberConfig.Run.STOPPED, d.conduct().run()));
      }
    }
  }

  @Test
  void itIsNotFormedWhileOneFounderIsMissing() {
    ClusterView started = Scenes.after(2, THREE, Scenes.empty());
    ClusterView view = Ailment.SILENT.afflict(started, Scenes.name("etcd-3"));
    ClusterView late = Scenes.leftAlone(view, Duration.ofMinutes(3));
    assertEquals(List.of(Code.Q3301), Scenes.codes(Planner.next(THREE, late)));
    assertEquals(
        List.of(Code.Q3007), Scenes.codes(Planner.next(THREE, Circumstance.NO_LEADER.of(started))));
  }
}
