package io.quorate.coordinator.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Journal.Rollout;
import io.quorate.coordinator.store.Journal.RolloutState;
import io.quorate.coordinator.store.Journal.StepEntry;
import io.quorate.coordinator.store.Journal.StepState;
import io.quorate.coordinator.store.MemoryStore;
import io.quorate.coordinator.store.Samples;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A turn speaks of the rollout that it looked at, and of no other. */
class RolloutJournalTest {
  private static final Step REMOVAL = new Step.RemoveMember(MemberName.of("etcd-2"), 7);
  private static final Hold ELSEWHERE =
      Hold.of(Code.Q3601, "etcd-1 is to move to node-2, where etcd-3 of this cluster still is");

  private final MemoryStore store = new MemoryStore();
  private final RolloutJournal journal = new RolloutJournal(store, () -> Samples.NOW);
  private Cluster looked;

  @BeforeEach
  void look() {
    looked = Samples.cluster("3.5.16", Intents.declared("lineage", "ann", Samples.NOW));
    store.clusters().create(looked);
  }

  @Test
  void theSameWishIsNotOutdated() {
    assertFalse(journal.outdated(looked));
    store
        .clusters()
        .update(
            looked.name(),
            c ->
                c.withIntent(
                    Intents.saved(
                        c.intent(), new Intent.SnapshotInfo("s", Samples.NOW, 1, 1, true))));
    assertFalse(journal.outdated(looked));
  }

  @Test
  void whatSomebodyAsksForMeanwhileIs() {
    List<UnaryOperator<Intent>> wishes =
        List.of(
            i -> Intents.revised(i, Optional.empty(), List.of(), "bob", Samples.NOW),
            i -> Intents.restarted(i, List.of(MemberName.of("etcd-1"))),
            i -> Intents.rotated(i, List.of(MemberName.of("etcd-1"))),
            i ->
                Intents.withControl(
                    i,
                    new Intent.Control(
                        Intent.Mode.PAUSED, "bob", "", List.of(), false, Samples.NOW)));
    for (UnaryOperator<Intent> wish : wishes) {
      store.clusters().update(looked.name(), c -> looked.withIntent(wish.apply(looked.intent())));
      assertTrue(journal.outdated(looked));
    }
    store.clusters().delete(looked.name());
    assertTrue(journal.outdated(looked));
  }

  @Test
  void theRolloutThatIsOverIsEndedAndNotTheOneThatBeganMeanwhile() {
    long first = store.journal().begin(rollout("first"));
    Rollout over = journal.open(looked).orElseThrow();
    store.journal().save(ended(over));
    long second = store.journal().begin(rollout("second"));
    journal.finish(looked, over);
    List<String> states =
        store.journal().rollouts(looked.name(), 10).stream()
            .map(r -> r.id() + " " + r.state())
            .toList();
    assertEquals(List.of(second + " RUNNING", first + " DONE"), states);
  }

  @Test
  void aStepIsDoneWhenItIsOverAndNotWhenThePauseBegins() {
    long id = store.journal().begin(rollout("upgrade"));
    Step step = new Step.AddLearner(MemberName.of("etcd-4"), "https://10.77.0.14:2380");
    journal.begin(looked, step);
    Hold paused = Hold.of(Code.Q3006, "paused by ann");
    Hold busy = Hold.of(Code.Q3002, "host h1 is busy");
    Cluster control =
        looked.withIntent(
            Intents.withControl(
                looked.intent(),
                new Intent.Control(Intent.Mode.PAUSED, "ann", "", List.of(), false, Samples.NOW)));
    journal.waiting(
        control, journal.open(looked), new Decision.Wait(Optional.empty(), List.of(paused, busy)));
    assertEquals(StepState.RUNNING, store.journal().steps(id).getFirst().state());
    assertEquals(RolloutState.PAUSED, journal.open(looked).orElseThrow().state());
    journal.waiting(
        control, journal.open(looked), new Decision.Wait(Optional.empty(), List.of(paused)));
    assertEquals(StepState.DONE, store.journal().steps(id).getFirst().state());
  }

  @Test
  void aStepThatWorkedKeepsItsSuccessWhenWhatComesNextIsRefused() {
    looked = founded(Optional.empty());
    long id = store.journal().begin(rollout("move"));
    journal.begin(looked, REMOVAL);
    saw(List.of());
    journal.stopped(looked, journal.open(looked), new Decision.Refuse(List.of(ELSEWHERE), false));
    StepEntry step = store.journal().steps(id).getFirst();
    assertEquals(StepState.DONE, step.state());
    assertEquals("removed from the cluster", step.outcome());
    assertEquals(RolloutState.FAILED, journal.open(looked).orElseThrow().state());
  }

  @Test
  void aStepThatWorkedKeepsItsSuccessWhenAnotherMemberFails() {
    looked = founded(Optional.of(new Intent.Failure(ELSEWHERE, "wait", Samples.NOW)));
    long id = store.journal().begin(rollout("move"));
    journal.begin(looked, REMOVAL);
    saw(List.of());
    journal.stopped(looked, journal.open(looked), new Decision.Refuse(List.of(ELSEWHERE), true));
    assertEquals(StepState.DONE, store.journal().steps(id).getFirst().state());
  }

  @Test
  void aStepThatCameToNothingHasFailed() {
    looked = founded(Optional.empty());
    long id = store.journal().begin(rollout("move"));
    journal.begin(looked, REMOVAL);
    saw(
        List.of(
            new EtcdView.Member(
                7, "etcd-2", List.of("https://10.77.0.12:2380"), List.of(), false)));
    journal.stopped(looked, journal.open(looked), new Decision.Refuse(List.of(ELSEWHERE), true));
    StepEntry step = store.journal().steps(id).getFirst();
    assertEquals(StepState.FAILED, step.state());
    assertEquals(ELSEWHERE.sentence(), step.outcome());
  }

  @Test
  void ofAStepThatCannotBeSeenARefusalSaysNothingAndAFailureDoes() {
    looked = founded(Optional.empty());
    Step snapshot = new Step.SaveSnapshot(MemberName.of("etcd-1"), Samples.HOST);
    for (boolean failed : List.of(false, true)) {
      long id = store.journal().begin(rollout("upgrade"));
      journal.begin(looked, snapshot);
      saw(List.of());
      journal.stopped(
          looked, journal.open(looked), new Decision.Refuse(List.of(ELSEWHERE), failed));
      assertEquals(
          failed ? StepState.FAILED : StepState.DONE, store.journal().steps(id).getFirst().state());
      store.journal().save(ended(journal.open(looked).orElseThrow()));
    }
  }

  private Cluster founded(Optional<Intent.Failure> failure) {
    Intent intent = Intents.withFailure(looked.intent(), failure);
    return looked.withIntent(
        Intents.withFoundation(
            intent,
            new Intent.Foundation("token", new Seed.Empty(), List.of(), true, 1, List.of())));
  }

  /** A quorum lists these members. */
  private void saw(List<EtcdView.Member> listed) {
    ClusterView view =
        new ClusterView(
            Samples.NOW,
            looked.intent(),
            List.of(),
            new EtcdView(
                Samples.NOW,
                Optional.of(new EtcdView.MemberList(1, listed)),
                List.of(),
                List.of(),
                Optional.empty()),
            new TreeMap<>(),
            ClusterView.Catalogue.of(List.of()),
            List.of());
    journal.happened(
        Optional.empty(),
        new ClusterWorker.Latest(looked, view, new Decision.Done(), Optional.empty(), Samples.NOW));
  }

  private Rollout rollout(String title) {
    return new Rollout(
        0,
        looked.name(),
        title,
        0,
        1,
        RolloutState.RUNNING,
        Samples.NOW,
        Optional.empty(),
        "ann",
        0);
  }

  private static Rollout ended(Rollout r) {
    return new Rollout(
        r.id(),
        r.cluster(),
        r.title(),
        r.fromRevision(),
        r.toRevision(),
        RolloutState.ABORTED,
        r.started(),
        Optional.of(Samples.NOW),
        r.by(),
        0);
  }
}
