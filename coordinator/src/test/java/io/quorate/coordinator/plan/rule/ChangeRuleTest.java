package io.quorate.coordinator.plan.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Effects;
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

/** The order in which members are changed. */
class ChangeRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final ClusterSpec OLDER = Scenes.spec("3.5.16", 1, 2, 3);

  private static List<String> restarts(ClusterSpec wanted, ClusterView view) {
    return Scenes.words(Preview.of(wanted, view)).stream()
        .filter(w -> w.startsWith("restart") || w.startsWith("move leadership"))
        .toList();
  }

  @Test
  void followersInTheOrderOfTheFileTheLeaderLast() {
    ClusterView led = Circumstance.led(WELL, Scenes.id(WELL, "etcd-2"));
    assertEquals(
        List.of(
            "restart etcd-1 with the change",
            "restart etcd-3 with the change",
            "move leadership from etcd-2 to etcd-1",
            "restart etcd-2 with the change"),
        restarts(OLDER, led));
  }

  @Test
  void theCanaryComesFirst() {
    ClusterSpec canary = Scenes.spec("3.5.16", "rollout: {canary: etcd-3}\n", 1, 2, 3);
    assertEquals("restart etcd-3 with the change", restarts(canary, WELL).getFirst());
  }

  @Test
  void aCanaryThatLeadsGoesLastAllTheSame() {
    ClusterSpec canary = Scenes.spec("3.5.16", "rollout: {canary: etcd-1}\n", 1, 2, 3);
    assertEquals("restart etcd-1 with the change", restarts(canary, WELL).getLast());
  }

  @Test
  void theReleaseIsEverywhereBeforeAnybodyStopsAndThereIsASnapshot() {
    List<String> words = Scenes.words(Preview.of(OLDER, WELL));
    assertEquals(
        List.of(
            "fetch, verify and unpack the release for etcd-1, etcd-2, etcd-3",
            "save a snapshot from etcd-2"),
        words.subList(0, 2));
  }

  @Test
  void aFreshSnapshotIsNotTakenAgain() {
    ClusterView saved =
        Scenes.with(
            WELL,
            Intents.saved(WELL.intent(), new Intent.SnapshotInfo("s", WELL.now(), 1, 1, true)));
    assertTrue(
        Scenes.words(Preview.of(OLDER, saved)).stream().noneMatch(w -> w.contains("snapshot")));
  }

  @Test
  void anUnverifiedSnapshotDoesNotCount() {
    ClusterView saved =
        Scenes.with(
            WELL,
            Intents.saved(WELL.intent(), new Intent.SnapshotInfo("s", WELL.now(), 1, 1, false)));
    assertTrue(
        Scenes.words(Preview.of(OLDER, saved)).stream().anyMatch(w -> w.contains("snapshot")));
  }

  @Test
  void aMemberThatIsDownAndWouldBeMendedComesFirst() {
    ClusterView staged = Scenes.after(1, OLDER, Ailment.DOWN.afflict(WELL, Scenes.name("etcd-3")));
    ClusterView view = Ailment.DOWN.afflict(staged, Scenes.name("etcd-3"));
    ClusterView saved =
        Scenes.with(
            view,
            Intents.saved(view.intent(), new Intent.SnapshotInfo("s", view.now(), 1, 1, true)));
    assertEquals("start etcd-3", Scenes.word(Planner.next(OLDER, saved)));
  }

  @Test
  void aLimitChangesOnlyThoseAndThenWaits() {
    ClusterView limited =
        Scenes.with(
            WELL,
            Intents.revised(
                WELL.intent(),
                Optional.of(THREE),
                List.of(Scenes.name("etcd-3")),
                "ada",
                WELL.now()));
    Preview preview = Preview.of(OLDER, limited);
    assertEquals(List.of("restart etcd-3 with the change"), restarts(OLDER, limited));
    assertEquals(List.of(Code.Q3017), Scenes.codes(preview.end()));
  }

  @Test
  void severalMinorsAreTakenOneAfterTheOtherByAll() {
    ClusterView old = Scenes.running(Scenes.spec("3.4.23", 1, 2, 3));
    ClusterSpec wanted = Scenes.spec("3.6.11", "accept: [version.path]\n", 1, 2, 3);
    ClusterView view = old;
    for (Step step : Preview.of(wanted, old).steps()) {
      view = Effects.apply(view, step);
      List<Integer> minors =
          view.etcd().endpoints().stream()
              .flatMap(e -> e.status().stream())
              .map(s -> s.versions().server().minor())
              .sorted()
              .toList();
      assertTrue(minors.getLast() - minors.getFirst() <= 1, minors::toString);
    }
  }

  @Test
  void aMissingReleaseBetweenIsNamed() {
    ClusterView old = Scenes.running(Scenes.spec("3.4.23", 1, 2, 3));
    ClusterView poor =
        new ClusterView(
            old.now(),
            old.intent(),
            old.placements(),
            old.etcd(),
            old.hosts(),
            ClusterView.Catalogue.of(
                old.catalogue().releases().stream()
                    .filter(r -> !r.version().minorText().equals("3.5"))
                    .toList()),
            old.operations());
    Decision decision =
        Planner.next(Scenes.spec("3.6.11", "accept: [version.path]\n", 1, 2, 3), poor);
    assertEquals(List.of(Code.Q3203), Scenes.codes(decision));
  }
}
