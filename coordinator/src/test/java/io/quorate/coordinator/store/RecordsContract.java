package io.quorate.coordinator.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.model.Release;
import io.quorate.common.testing.RandomRecords;
import io.quorate.coordinator.plan.ClusterView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every store keeps, the rest: documents, operations, catalogue, snapshots, journal. */
public abstract class RecordsContract extends StoreContract {
  private static final HostName OTHER = HostName.of("node-2");

  @Test
  void aHostWithoutDocumentsHasGenerationZero() {
    assertEquals(HostConfig.empty(7), store.documents().current(Samples.HOST, 7));
  }

  @Test
  void documentsAreIssuedReplacedAndForgotten() {
    MemberConfig first = new RandomRecords(1).memberConfig();
    MemberConfig second = new RandomRecords(2).memberConfig();
    MemberConfig other = new RandomRecords(3).memberConfig();
    Documents documents = store.documents();
    documents.issue(Map.of(Samples.HOST, first, OTHER, other), Samples.NOW);
    documents.issue(Map.of(Samples.HOST, second), Samples.NOW.plusNanos(1));

    HostConfig config = documents.current(Samples.HOST, 5);
    assertEquals(5, config.epoch());
    assertEquals(2, config.generation());
    assertEquals(Optional.of(first), config.member(first.id()));
    assertEquals(Optional.of(second), config.member(second.id()));
    assertEquals(
        new HostConfig(5, 1, List.of(other), config.keepReleases()), documents.current(OTHER, 5));
    assertEquals(
        Optional.of(new ClusterView.Issued(first, 1, Samples.NOW)),
        documents.find(Samples.HOST, first.id()));

    MemberConfig changed = first.withRun(MemberConfig.Run.RETIRED);
    documents.issue(Map.of(Samples.HOST, changed), Samples.NOW.plusNanos(2));
    ClusterView.Issued issued = new ClusterView.Issued(changed, 3, Samples.NOW.plusNanos(2));
    assertEquals(Map.of(Samples.HOST, issued), documents.of(first.id().cluster()));

    documents.forget(Samples.HOST, first.id(), Samples.NOW);
    documents.forget(Samples.HOST, first.id(), Samples.NOW);
    assertEquals(4, documents.current(Samples.HOST, 5).generation());
    assertEquals(List.of(second), documents.current(Samples.HOST, 5).members());
    assertEquals(Optional.empty(), documents.find(Samples.HOST, first.id()));
  }

  @Test
  void everyDocumentComesBackAsItWas() {
    for (long seed = 0; seed < 40; seed++) {
      MemberConfig document = new RandomRecords(seed).memberConfig();
      store.documents().issue(Map.of(Samples.HOST, document), Samples.NOW);
      assertEquals(
          Optional.of(document),
          store.documents().find(Samples.HOST, document.id()).map(ClusterView.Issued::document),
          "seed " + seed);
    }
    assertEquals(40, store.documents().current(Samples.HOST, 1).generation());
  }

  @Test
  void afterARestoreEachHostTellsWhatItHasInForce() {
    Documents documents = store.documents();
    MemberConfig believed = new RandomRecords(1).memberConfig();
    MemberConfig real = new RandomRecords(2).memberConfig();
    documents.issue(Map.of(Samples.HOST, believed, OTHER, believed), Samples.NOW);
    long epoch = store.raiseEpoch();
    assertTrue(documents.known(Samples.HOST));

    store.restored();
    assertTrue(store.raiseEpoch() > epoch + 999_999);
    assertFalse(documents.known(Samples.HOST));
    HostConfig inForce = new HostConfig(9, 17, List.of(real), 3);
    documents.adopt(Samples.HOST, inForce, Samples.NOW);

    assertTrue(documents.known(Samples.HOST));
    assertFalse(documents.known(OTHER));
    assertEquals(List.of(real), documents.current(Samples.HOST, 1).members());
    assertTrue(documents.current(Samples.HOST, 1).generation() > 17);
    documents.adopt(OTHER, HostConfig.empty(1), Samples.NOW);
    assertEquals(List.of(), documents.current(OTHER, 1).members());
    assertEquals(2, documents.current(OTHER, 1).generation());
  }

  @Test
  void theFirstOutcomeOfAnOperationCounts() {
    Operations operations = store.operations();
    Operations.Sent first = sent(new RandomRecords(1).operation(), Samples.HOST);
    Operations.Sent second = sent(new RandomRecords(2).operation(), Samples.HOST);
    Operations.Sent other = sent(new RandomRecords(3).operation(), OTHER);
    operations.add(first);
    operations.add(second);
    operations.add(other);
    assertThrows(IllegalStateException.class, () -> operations.add(first));
    assertEquals(List.of(first, second), operations.open(Samples.HOST));
    assertEquals(List.of(first, second, other), operations.of(Samples.PROD));

    OperationOutcome done = outcome(first.operation().id(), "saved");
    assertTrue(operations.finish(done, Samples.NOW.plusSeconds(1)));
    assertFalse(
        operations.finish(outcome(first.operation().id(), "twice"), Samples.NOW.plusSeconds(2)));
    assertFalse(operations.finish(outcome("unknown", "?"), Samples.NOW));
    assertEquals(List.of(second), operations.open(Samples.HOST));
    Operations.Sent kept = operations.find(first.operation().id()).orElseThrow();
    assertEquals(Optional.of(done), kept.outcome());
    assertEquals(Optional.of(Samples.NOW.plusSeconds(1)), kept.finished());
    assertEquals(first.operation(), kept.operation());
    operations.forgetFinished(Samples.NOW.plusSeconds(1));
    assertTrue(operations.find(first.operation().id()).isPresent());
    operations.forgetFinished(Samples.NOW.plusSeconds(2));
    assertTrue(operations.find(first.operation().id()).isEmpty());
    assertTrue(operations.find(second.operation().id()).isPresent());
    operations.forget(second.operation().id());
    assertTrue(operations.find(second.operation().id()).isEmpty());
    assertEquals(Optional.empty(), operations.find("unknown"));
  }

  @Test
  void everyOperationComesBackAsItWas() {
    for (long seed = 0; seed < 40; seed++) {
      RandomRecords any = new RandomRecords(seed);
      Operation operation = any.operation();
      if (store.operations().find(operation.id()).isEmpty()) {
        store.operations().add(sent(operation, Samples.HOST));
        assertEquals(
            operation,
            store.operations().find(operation.id()).orElseThrow().operation(),
            "seed " + seed);
      }
    }
  }

  @Test
  void operatorsAreKeptInTheirOrderAndRevokedBySerial() {
    Operators.Operator ann = operator("1f", "ann", "admin");
    Operators.Operator bob = operator("0a", "bob", "viewer");
    store.operators().save(ann);
    store.operators().save(bob);
    store.operators().save(ann.revokedAt(Samples.NOW));
    assertEquals(List.of(ann.revokedAt(Samples.NOW), bob), store.operators().list());
    assertEquals(Optional.of(bob), store.operators().find("0a"));
    assertEquals(Optional.empty(), store.operators().find("77"));
  }

  private static Operators.Operator operator(String serial, String name, String role) {
    return new Operators.Operator(
        serial, name, role, Samples.NOW, "ann", Samples.NOW.plusSeconds(60), Optional.empty());
  }

  @Test
  void theCatalogueIsInOrderOfVersions() {
    Releases.Entry older = release(3, 9, "aa");
    Releases.Entry newer = release(3, 16, "bb");
    store.releases().add(newer);
    store.releases().add(older);
    store
        .releases()
        .add(new Releases.Entry(older.release(), new TreeMap<>(), Samples.NOW, "again"));
    assertEquals(List.of(older, newer), store.releases().list());
    store.releases().remove("aa");
    store.releases().remove("never there");
    assertEquals(List.of(newer), store.releases().list());
  }

  @Test
  void snapshotsAreListedNewestFirst() {
    Snapshots.Snapshot older = snapshot("s-1", 0);
    Snapshots.Snapshot newer = snapshot("s-2", 1);
    store.snapshots().save(older);
    store.snapshots().save(newer);
    assertEquals(List.of(newer, older), store.snapshots().list(Samples.PROD));
    assertEquals(List.of(), store.snapshots().list(ClusterName.of("other")));
    Snapshots.Snapshot drilled =
        new Snapshots.Snapshot(
            "s-1",
            older.cluster(),
            older.origin(),
            older.at(),
            older.sha256(),
            older.size(),
            older.content(),
            Optional.of(Samples.NOW),
            Optional.of(
                new Snapshots.Drill(Samples.NOW.plusNanos(5), java.time.Duration.ofMillis(1234))));
    store.snapshots().save(drilled);
    assertEquals(Optional.of(drilled), store.snapshots().find("s-1"));
    store.snapshots().remove("s-2");
    assertEquals(List.of(drilled), store.snapshots().list(Samples.PROD));
  }

  @Test
  void plansAreKept() {
    Journal.Plan plan = new Journal.Plan("7f3c", Samples.PROD, "text\n", 41, Samples.NOW, "ada");
    store.journal().addPlan(plan);
    assertEquals(Optional.of(plan), store.journal().plan("7f3c"));
    assertEquals(Optional.empty(), store.journal().plan("0000"));
  }

  @Test
  void rolloutsHaveNumbersAndSteps() {
    Journal journal = store.journal();
    long first = journal.begin(Samples.rollout());
    long second = journal.begin(Samples.rollout());
    assertTrue(second > first);
    assertEquals(Optional.of(second), journal.open(Samples.PROD).map(Journal.Rollout::id));
    Journal.Rollout ended = ended(second);
    journal.save(ended);
    assertEquals(Optional.of(first), journal.open(Samples.PROD).map(Journal.Rollout::id));
    assertEquals(List.of(ended), journal.rollouts(Samples.PROD, 1));
    assertEquals(2, journal.rollouts(Samples.PROD, 9).size());
    assertThrows(IllegalArgumentException.class, () -> journal.save(ended(999)));

    Journal.StepEntry two = step(first, 2, Journal.StepState.RUNNING);
    Journal.StepEntry one = step(first, 1, Journal.StepState.DONE);
    journal.save(two);
    journal.save(one);
    assertEquals(List.of(one, two), journal.steps(first));
    Journal.StepEntry failed = step(first, 2, Journal.StepState.FAILED);
    journal.save(failed);
    assertEquals(List.of(one, failed), journal.steps(first));
    assertEquals(List.of(), journal.steps(second));
    assertThrows(
        IllegalArgumentException.class, () -> journal.save(step(999, 1, Journal.StepState.DONE)));
  }

  @Test
  void eventsAreNumberedAndPaged() {
    Journal journal = store.journal();
    for (int i = 1; i <= 6; i++) {
      journal.add(
          Samples.event(i % 2 == 0 ? Optional.of(Samples.PROD) : Optional.empty(), "event " + i));
    }
    assertEquals(List.of("event 5", "event 6"), texts(journal.events(Optional.empty(), 0, 2)));
    assertEquals(
        List.of("event 2", "event 4", "event 6"),
        texts(journal.events(Optional.of(Samples.PROD), 0, 9)));
    long last = journal.events(Optional.empty(), 0, 1).getFirst().id();
    assertEquals(List.of(), journal.events(Optional.empty(), last, 9));
    journal.add(Samples.event(Optional.of(Samples.PROD), "event 7"));
    Journal.Event newest = journal.events(Optional.empty(), last, 9).getFirst();
    assertEquals(
        new Journal.Event(
            newest.id(),
            Samples.NOW,
            Optional.of(Samples.PROD),
            Journal.Severity.WARNING,
            Optional.of(io.quorate.common.error.Code.Q2101),
            "etcd-1",
            "event 7"),
        newest);
  }

  private static List<String> texts(List<Journal.Event> events) {
    return events.stream().map(Journal.Event::text).toList();
  }

  private static Operations.Sent sent(Operation operation, HostName host) {
    return new Operations.Sent(
        operation,
        host,
        Optional.of(Samples.PROD),
        Optional.of(MemberName.of("etcd-1")),
        Samples.NOW,
        Optional.empty(),
        Optional.empty());
  }

  private static OperationOutcome outcome(String id, String sentence) {
    return new OperationOutcome(
        id, 3, Optional.empty(), sentence, new TreeMap<>(Map.of("revision", "41")));
  }

  private static Releases.Entry release(int minor, int patch, String sha256) {
    SortedMap<String, String> executables =
        new TreeMap<>(Map.of("etcd", "11".repeat(32), "etcdctl", "22".repeat(32)));
    return new Releases.Entry(
        new Release(new EtcdVersion(3, minor, patch), "amd64", sha256, 1L << 33),
        executables,
        Samples.NOW,
        "ada");
  }

  private static Snapshots.Snapshot snapshot(String id, int nanos) {
    return new Snapshots.Snapshot(
        id,
        Samples.PROD,
        new Snapshots.Origin(
            MemberName.of("etcd-1"), new EtcdVersion(3, 5, 30), 0xcdf818194e3a8c32L),
        Samples.NOW.plusNanos(nanos),
        "ab".repeat(32),
        1L << 33,
        new Snapshots.Content(
            41, 7, 0xffffffffL, Optional.of(new Snapshots.Live(5, 0xfffffffeL, 40))),
        Optional.of(Samples.NOW),
        Optional.empty());
  }

  private static Journal.Rollout ended(long id) {
    return new Journal.Rollout(
        id,
        Samples.PROD,
        "other title",
        1,
        2,
        Journal.RolloutState.DONE,
        Samples.NOW,
        Optional.of(Samples.NOW.plusNanos(7)),
        "bob",
        3);
  }

  private static Journal.StepEntry step(long rollout, int number, Journal.StepState state) {
    return new Journal.StepEntry(
        rollout,
        number,
        "restart",
        "etcd-1",
        "restart etcd-1 with the change",
        state,
        Samples.NOW,
        state == Journal.StepState.RUNNING ? Optional.empty() : Optional.of(Samples.NOW),
        "healthy, in sync");
  }
}
