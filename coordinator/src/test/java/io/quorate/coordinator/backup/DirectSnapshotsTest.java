package io.quorate.coordinator.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.testing.RandomRecords;
import io.quorate.coordinator.catalogue.BlobStore;
import io.quorate.coordinator.catalogue.MadeDatabase;
import io.quorate.coordinator.catalogue.SnapshotShelf;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.Databases;
import io.quorate.coordinator.etcd.EtcdResult;
import io.quorate.coordinator.etcd.Refusal;
import io.quorate.coordinator.observe.Agents;
import io.quorate.coordinator.store.Clusters;
import io.quorate.coordinator.store.MemoryStore;
import io.quorate.coordinator.store.Operations.Sent;
import io.quorate.coordinator.store.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fetched here while that can be, asked of the agent when it cannot, and never both at once. */
class DirectSnapshotsTest {
  private static final byte[] GOOD = MadeDatabase.snapshot(MadeDatabase.upTo(41));

  @TempDir private Path temporary;
  private final MemoryStore store = new MemoryStore();
  private final BlockingQueue<OperationOutcome> outcomes = new LinkedBlockingQueue<>();
  private final Told agents = new Told();
  private final Member member = new Member();
  private final MemberConfig document = new RandomRecords(1).memberConfig();
  private final Operation operation =
      new Operation(
          "snap-1", 3, Samples.NOW.plusSeconds(60), new Operation.SaveSnapshot(document.id()));
  private BlobStore blobs;
  private DirectSnapshots direct;

  @BeforeEach
  void assemble() {
    blobs = BlobStore.open(temporary.resolve("blobs"));
    direct = another();
    ClusterName cluster = document.id().cluster();
    store.clusters().create(cluster(cluster));
    store.documents().issue(Map.of(Samples.HOST, document), Samples.NOW);
    store
        .operations()
        .add(
            new Sent(
                operation,
                Samples.HOST,
                Optional.of(cluster),
                Optional.of(document.id().member()),
                Samples.NOW,
                Optional.empty(),
                Optional.empty()));
  }

  private static Clusters.Cluster cluster(ClusterName name) {
    return new Clusters.Cluster(
        name, "3.5.30", Samples.spec("3.5.30"), Samples.intent(1), 0, false, Samples.NOW, "ada");
  }

  private DirectSnapshots another() {
    DirectSnapshots one =
        new DirectSnapshots(
            agents,
            store,
            new SnapshotShelf(temporary.resolve("kept"), blobs, store.snapshots()),
            new DirectSnapshots.Etcd(
                (cluster, issued) ->
                    Optional.of(
                        new Access(
                            cluster,
                            List.of(new Access.Target(document.id().member(), "https://x:1")),
                            Optional.empty())),
                member),
            InstantSource.fixed(Samples.NOW));
    one.onOutcome(outcomes::add);
    return one;
  }

  @AfterEach
  void end() {
    member.mayGoOn.countDown();
    direct.close();
  }

  private OperationOutcome outcome() throws InterruptedException {
    OperationOutcome outcome = outcomes.poll(20, TimeUnit.SECONDS);
    assertTrue(outcome != null, "no outcome");
    return outcome;
  }

  private Optional<OperationOutcome> stored() {
    return store.operations().find(operation.id()).flatMap(Sent::outcome);
  }

  @Test
  void aSnapshotIsFetchedAndTold() throws Exception {
    member.mayGoOn.countDown();
    direct.send(Samples.HOST, operation);
    OperationOutcome outcome = outcome();
    assertTrue(outcome.succeeded());
    assertEquals(Optional.of(outcome), stored());
    assertEquals("41", outcome.facts().get("revision"));
    assertEquals("41", outcome.facts().get("keys"));
    assertEquals(Integer.toString(GOOD.length), outcome.facts().get("size"));
    assertEquals("5", outcome.facts().get("live.keys"));
    assertEquals("6", outcome.facts().get("live.hash"));
    assertEquals("7", outcome.facts().get("live.compacted"));
    assertEquals(
        document.releases().running().version().toString(), outcome.facts().get("version"));
    assertTrue(blobs.find(outcome.facts().getOrDefault("sha256", "")).isPresent());
    assertEquals(List.of(), List.copyOf(agents.told));
    assertFalse(direct.underWay(operation));
  }

  @Test
  void aMemberThatDoesNotTellOfItsContentIsNoReasonToBeWithout() throws Exception {
    member.mayGoOn.countDown();
    member.silent = true;
    direct.send(Samples.HOST, operation);
    assertFalse(outcome().facts().containsKey("live.keys"));
  }

  @Test
  void whatCannotBeFetchedIsAskedOfTheAgent() throws Exception {
    member.mayGoOn.countDown();
    for (byte[] bad : List.of(new byte[0], MadeDatabase.upTo(41), new byte[600])) {
      member.content = bad;
      direct.send(Samples.HOST, operation);
      assertEquals(operation, agents.told.poll(20, TimeUnit.SECONDS));
      assertFalse(direct.underWay(operation));
    }
    assertEquals(Optional.empty(), stored());
    try (Stream<Path> files = Files.walk(temporary)) {
      assertEquals(List.of(), files.filter(Files::isRegularFile).toList());
    }
  }

  @Test
  void whatWasFetchedIsNotAskedOfTheAgentWhateverComesOfIt() throws Exception {
    member.mayGoOn.countDown();
    direct.onOutcome(
        outcome -> {
          outcomes.add(outcome);
          throw new IllegalStateException("the disk of the store is full");
        });
    direct.send(Samples.HOST, operation);
    OperationOutcome outcome = outcome();
    direct.close();
    assertEquals(Optional.of(outcome), stored());
    assertEquals(List.of(), List.copyOf(agents.told));
    assertFalse(direct.underWay(operation));
  }

  @Test
  void whileItIsUnderWayNobodyElseIsToldOfIt() throws Exception {
    direct.send(Samples.HOST, operation);
    direct.send(Samples.HOST, operation);
    member.began.await(20, TimeUnit.SECONDS);
    assertTrue(direct.underWay(operation));
    member.mayGoOn.countDown();
    assertTrue(outcome().succeeded());
    assertEquals(1, member.reads.get(), "once is enough");
  }

  @Test
  void theNextCoordinatorBeginsAgain() throws Exception {
    direct.send(Samples.HOST, operation);
    assertTrue(member.began.await(20, TimeUnit.SECONDS));
    direct.close();
    assertEquals(Optional.empty(), stored());
    assertEquals(List.of(), List.copyOf(agents.told), "one that ends asks nobody");

    member.mayGoOn.countDown();
    direct = another();
    direct.resume();
    assertTrue(outcome().succeeded());
    assertEquals(2, member.reads.get());
  }

  @Test
  void whatHasAnOutcomeIsNotBegunAgain() throws Exception {
    member.mayGoOn.countDown();
    direct.send(Samples.HOST, operation);
    assertTrue(outcome().succeeded());
    DirectSnapshots next = another();
    next.resume();
    assertFalse(next.underWay(operation));
    next.close();
    assertEquals(1, member.reads.get());
  }

  @Test
  void everythingElseIsForTheAgent() {
    Operation other =
        new Operation("ask-1", 3, Samples.NOW, new Operation.ReadLog(document.id().cluster(), 10));
    direct.send(Samples.HOST, other);
    direct.push(Samples.HOST);
    assertEquals(List.of(other), List.copyOf(agents.told));
    assertEquals(List.of(Samples.HOST), List.copyOf(agents.pushed));
  }

  /** Sends its content once it may. */
  private static final class Member implements Databases {
    private final CountDownLatch began = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private volatile byte[] content = GOOD;
    private volatile boolean silent;
    private final AtomicInteger reads = new AtomicInteger();

    @Override
    public void read(Access access, MemberName of, Sink sink) throws IOException {
      reads.incrementAndGet();
      began.countDown();
      try {
        if (!mayGoOn.await(20, TimeUnit.SECONDS)) {
          throw new IOException("the test never let it go on");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      sink.take(content);
    }

    @Override
    public EtcdResult<Live> live(Access access, MemberName of, long revision) {
      return silent
          ? new EtcdResult.Refused<>(Refusal.UNREACHABLE, "away")
          : new EtcdResult.Ok<>(new Live(5, 6, 7));
    }
  }

  private static final class Told implements Agents {
    private final BlockingQueue<Operation> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<HostName> pushed = new LinkedBlockingQueue<>();

    @Override
    public Optional<Seen> seen(HostName host) {
      return Optional.empty();
    }

    @Override
    public void push(HostName host) {
      pushed.add(host);
    }

    @Override
    public void send(HostName host, Operation operation) {
      told.add(operation);
    }
  }
}
