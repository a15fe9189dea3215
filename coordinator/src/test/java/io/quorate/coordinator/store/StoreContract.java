package io.quorate.coordinator.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostName;
import io.quorate.common.model.Seed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What every store keeps: hosts, tokens and clusters, and what holds under many callers. */
public abstract class StoreContract {
  protected Store store;

  /** A new, empty store whose specs are read by {@link Samples#spec}. */
  protected abstract Store make();

  @BeforeEach
  void makeStore() {
    store = make();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  protected static Code refusal(Executable call) {
    return assertThrows(QuorateException.class, call).problem().code();
  }

  /** All at once, as nearly as threads can. */
  protected static <T> List<T> together(int callers, Callable<T> call) throws Exception {
    CyclicBarrier start = new CyclicBarrier(callers);
    try (ExecutorService executor = Executors.newCachedThreadPool()) {
      List<Future<T>> answers = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        answers.add(
            executor.submit(
                () -> {
                  start.await();
                  return call.call();
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> answer : answers) {
        results.add(answer.get());
      }
      return results;
    }
  }

  @Test
  void epochsAreRaisedByOne() {
    assertEquals(1, store.raiseEpoch());
    assertEquals(2, store.raiseEpoch());
    assertEquals(3, store.raiseEpoch());
  }

  @Test
  void hostsAreAddedReplacedAndListedByName() {
    Hosts.Host first =
        new Hosts.Host(
            HostName.of("node-2"),
            Hosts.State.JOINED,
            Hosts.Serials.first("0a"),
            Samples.NOW,
            Optional.empty());
    Hosts.Host second =
        new Hosts.Host(
            Samples.HOST,
            Hosts.State.JOINED,
            Hosts.Serials.first("0a").inUse("0b").withNext("0c"),
            Samples.NOW,
            Optional.empty());
    store.hosts().save(first);
    store.hosts().save(second);
    assertEquals(List.of(second, first), store.hosts().list());

    Hosts.Host revoked =
        new Hosts.Host(
            Samples.HOST,
            Hosts.State.REVOKED,
            Hosts.Serials.first("0b"),
            Samples.NOW,
            Optional.of(Samples.NOW.plusNanos(1)));
    store.hosts().save(revoked);
    assertEquals(Optional.of(revoked), store.hosts().find(Samples.HOST));
    assertEquals(Optional.empty(), store.hosts().find(HostName.of("node-3")));
  }

  @Test
  void aTokenIsTakenOnce() {
    Hosts.Token bound = Samples.token("aa");
    Hosts.Token free =
        new Hosts.Token(
            "bb", Optional.empty(), Samples.NOW.plusNanos(1), Samples.NOW.plusSeconds(60), "ada");
    store.hosts().addToken(free);
    store.hosts().addToken(bound);
    assertEquals(List.of(bound, free), store.hosts().tokens());
    assertEquals(Optional.of(bound), store.hosts().takeToken("aa"));
    assertEquals(Optional.empty(), store.hosts().takeToken("aa"));
    assertEquals(List.of(free), store.hosts().tokens());
  }

  @Test
  void expiredTokensAreDropped() {
    store.hosts().addToken(Samples.token("aa"));
    Instant expires = Samples.NOW.plusSeconds(600);
    store.hosts().dropTokensExpiredBefore(expires);
    assertEquals(1, store.hosts().tokens().size());
    store.hosts().dropTokensExpiredBefore(expires.plusNanos(1));
    assertEquals(List.of(), store.hosts().tokens());
  }

  @Test
  void oneOfAHundredThreadsGetsTheToken() throws Exception {
    store.hosts().addToken(Samples.token("aa"));
    List<Optional<Hosts.Token>> answers = together(100, () -> store.hosts().takeToken("aa"));
    assertEquals(1, answers.stream().filter(Optional::isPresent).count());
  }

  @Test
  void aClusterIsKeptWhole() {
    store.clusters().create(Samples.cluster("3.5.16", Samples.intent(1)));
    for (Seed seed :
        List.of(
            new Seed.Empty(),
            new Seed.Snapshot("ab".repeat(32), 1L << 40, 1_000_000_000L, true, false),
            new Seed.Copy("cd".repeat(32), 7),
            new Seed.Forced("prod/a"))) {
      Clusters.Cluster changed =
          new Clusters.Cluster(
              Samples.PROD,
              "3.5.30",
              Samples.spec("3.5.30"),
              Samples.fullIntent(2, seed, Samples.spec("3.5.16")),
              1,
              true,
              Samples.NOW.plusNanos(9),
              "bob");
      assertEquals(changed, store.clusters().update(Samples.PROD, before -> changed));
      assertEquals(Optional.of(changed), store.clusters().find(Samples.PROD));
      assertEquals(List.of(changed), store.clusters().list());
    }
    assertEquals(
        List.of(
            new Clusters.Revision(2, "3.5.30", Samples.NOW.plusNanos(9), "bob"),
            new Clusters.Revision(1, "3.5.16", Samples.NOW, "ada")),
        store.clusters().history(Samples.PROD));
  }

  @Test
  void aClusterIsCreatedOnceAndMustBeThereToChange() {
    assertEquals(Code.Q1303, refusal(() -> store.clusters().update(Samples.PROD, c -> c)));
    store.clusters().create(Samples.cluster("3.5.16", Samples.intent(1)));
    assertEquals(
        Code.Q1304,
        refusal(() -> store.clusters().create(Samples.cluster("3.5.30", Samples.intent(1)))));
    assertEquals("3.5.16", store.clusters().find(Samples.PROD).orElseThrow().text());
    assertEquals(1, store.clusters().history(Samples.PROD).size());
  }

  @Test
  void aChangeThatThrowsChangesNothing() {
    Clusters.Cluster cluster = Samples.cluster("3.5.16", Samples.intent(1));
    store.clusters().create(cluster);
    assertThrows(
        ArithmeticException.class,
        () ->
            store
                .clusters()
                .update(
                    Samples.PROD,
                    before -> {
                      throw new ArithmeticException("refused");
                    }));
    assertEquals(Optional.of(cluster), store.clusters().find(Samples.PROD));
  }

  @Test
  void aChangeThatCallsTheStoreIsABug() {
    store.clusters().create(Samples.cluster("3.5.16", Samples.intent(1)));
    assertThrows(
        IllegalStateException.class,
        () ->
            store
                .clusters()
                .update(
                    Samples.PROD,
                    before -> {
                      store.raiseEpoch();
                      return before;
                    }));
    assertEquals(1, store.raiseEpoch());
  }

  @Test
  void changesOfManyCallersAllCount() throws Exception {
    store.clusters().create(Samples.cluster("3.5.16", Samples.intent(1)));
    together(
        20,
        () ->
            store
                .clusters()
                .update(Samples.PROD, before -> before.withApplied(before.applied() + 1)));
    assertEquals(20, store.clusters().find(Samples.PROD).orElseThrow().applied());
    assertEquals(1, store.clusters().history(Samples.PROD).size());
  }

  @Test
  void aForgottenClusterLeavesItsHistory() {
    store.clusters().create(Samples.cluster("3.5.16", Samples.intent(1)));
    store.clusters().delete(Samples.PROD);
    store.clusters().delete(ClusterName.of("never-there"));
    assertEquals(List.of(), store.clusters().list());
    store.clusters().create(Samples.cluster("3.5.30", Samples.intent(1)));
    assertEquals(
        List.of("3.5.30", "3.5.16"),
        store.clusters().history(Samples.PROD).stream().map(Clusters.Revision::text).toList());
  }

  @Test
  void theAuditTrailIsAChain() throws Exception {
    assertEquals(Optional.empty(), store.audit().head());
    assertEquals(Optional.empty(), store.audit().verify());
    Audit.Entry first =
        store.audit().append(Samples.NOW, "ada", "apply", "prod", "allowed", "revision 2");
    assertEquals(1, first.index());
    assertEquals(AuditChain.GENESIS, first.previousHash());
    together(
        30,
        () ->
            store
                .audit()
                .append(Samples.NOW, "ümläut\u0000\n", "", "☃", "refused", "x".repeat(9000)));
    assertEquals(Optional.empty(), store.audit().verify());
    List<Audit.Entry> all = store.audit().list(0, 100);
    assertEquals(31, all.size());
    assertEquals(first, all.getFirst());
    assertEquals(Optional.of(all.getLast()), store.audit().head());
    assertEquals(all.subList(5, 8), store.audit().list(5, 3));
    assertFalse(all.get(1).hash().equals(all.get(2).hash()));
    assertTrue(all.stream().skip(1).allMatch(e -> e.who().equals("ümläut\u0000\n")));
  }
}
