package io.quorate.lab.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostName;
import io.quorate.common.model.Operation;
import io.quorate.coordinator.store.Hosts;
import io.quorate.coordinator.store.Operations;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkTest {
  private static final HostName NODE = HostName.of("node-1");
  @TempDir Path directory;
  private Wire wire;

  @BeforeEach
  void connect() throws Exception {
    wire = new Wire(directory, InstantSource.system());
  }

  @AfterEach
  void hangUp() throws Exception {
    wire.close();
  }

  @Test
  void joinsConnectsReportsAndIsToldItsDocument() throws Exception {
    FakeHost host = new FakeHost();
    wire.agent("node-1", host);

    HostConfig first = taken(host.documents);
    assertEquals(1, first.epoch());
    assertEquals(0, first.generation());
    Wire.until(
        "a report arrived",
        () -> wire.gateway.latest(NODE).flatMap(link -> link.report()).isPresent());
    assertTrue(wire.gateway.latest(NODE).orElseThrow().connected());
    assertEquals("127.0.0.1", wire.gateway.latest(NODE).orElseThrow().greeting().address());
  }

  @Test
  void operationsAreAnsweredOnceAndStored() throws Exception {
    FakeHost host = new FakeHost();
    BlockingQueue<String> outcomes = new LinkedBlockingQueue<>();
    wire.gateway.onOutcome((name, outcome) -> outcomes.add(outcome.operationId()));
    wire.agent("node-1", host);
    taken(host.documents);

    Operation operation = operation("op-1");
    send(operation);
    assertEquals("op-1", taken(outcomes));
    assertTrue(
        wire.store.operations().find("op-1").orElseThrow().outcome().orElseThrow().succeeded());
  }

  /**
   * The coordinator dies with an operation open; its successor sends it again and gets the answer.
   */
  @Test
  void aNewCoordinatorGetsEverythingAgain() throws Exception {
    FakeHost host = new FakeHost();
    host.answer = operation -> Optional.empty();
    wire.agent("node-1", host);
    taken(host.documents);
    send(operation("op-2"));
    assertEquals(1, taken(host.operations).epoch());

    host.answer = operation -> Optional.of(FakeHost.done(operation));
    wire.restartCoordinator();

    assertEquals(2, taken(host.documents).epoch());
    assertEquals(2, taken(host.operations).epoch());
    Wire.until(
        "the outcome is stored",
        () -> wire.store.operations().find("op-2").orElseThrow().outcome().isPresent());
  }

  @Test
  void theNewestStreamOfAHostWins() throws Exception {
    FakeHost first = new FakeHost();
    Wire.Agent agent = wire.agent("node-1", first);
    taken(first.documents);
    FakeHost second = new FakeHost();
    wire.agent("node-1", second);
    taken(second.documents);
    agent.close();
    Wire.until(
        "people are told",
        () ->
            wire.store.journal().events(Optional.empty(), 0, 100).stream()
                .anyMatch(event -> event.code().equals(Optional.of(Code.Q1212))));
    assertTrue(wire.gateway.latest(NODE).orElseThrow().connected());
  }

  @Test
  void aRevokedHostIsCutOffAndStaysOut() throws Exception {
    FakeHost host = new FakeHost();
    wire.agent("node-1", host);
    taken(host.documents);
    Instant before = Instant.now();
    wire.admission.identities().revoke(NODE, "test", "");
    Wire.until("it is cut off", () -> !wire.gateway.latest(NODE).orElseThrow().connected());
    assertTrue(Instant.now().isBefore(before.plusSeconds(5)));
    wire.restartCoordinator();
    Wire.until(
        "it knocked and was refused",
        () ->
            wire.store.audit().list(0, 1000).stream()
                .anyMatch(
                    entry -> entry.what().equals("Session") && entry.outcome().equals("Q1206")));
    assertFalse(wire.gateway.latest(NODE).isPresent());
  }

  @Test
  void aStoreThatIsOlderThanAHostIsNotObeyedUntilItIsDeclaredRestored() throws Exception {
    FakeHost host = new FakeHost();
    host.desired(new HostConfig(1, 40, List.of(), 3));
    host.documents.clear();
    wire.agent("node-1", host);
    Wire.until(
        "people are told",
        () ->
            wire.store.journal().events(Optional.empty(), 0, 100).stream()
                .anyMatch(event -> event.code().equals(Optional.of(Code.Q2001))));
    assertFalse(wire.gateway.latest(NODE).isPresent());
    assertTrue(host.documents.isEmpty());

    wire.store.restored();
    wire.restartCoordinator();
    HostConfig told = taken(host.documents);
    assertTrue(told.epoch() > 1_000_000);
    assertTrue(told.generation() > 40);
  }

  @Test
  void twoMachinesWithOneIdentityAreFoundOut() throws Exception {
    FakeHost one = new FakeHost();
    wire.agent("node-1", one);
    taken(one.documents);
    FakeHost other = new FakeHost();
    wire.agent("node-1", other);
    Wire.until(
        "the host is locked",
        () -> wire.store.hosts().find(NODE).orElseThrow().state() == Hosts.State.REVOKED);
    Wire.until("both are cut off", () -> !wire.gateway.latest(NODE).orElseThrow().connected());
    assertTrue(
        wire.store.audit().list(0, 1000).stream()
            .anyMatch(entry -> entry.what().equals("identity locked")));
  }

  @Test
  void changesAreReportedAtOnceAndTogether() throws Exception {
    FakeHost host = new FakeHost();
    wire.agent("node-1", host);
    taken(host.documents);
    Wire.until("connected", () -> wire.gateway.latest(NODE).flatMap(l -> l.report()).isPresent());
    long before = wire.gateway.latest(NODE).orElseThrow().report().orElseThrow().sequence();
    for (int change = 0; change < 1_000; change++) {
      host.change();
    }
    Wire.until(
        "a newer report",
        () -> wire.gateway.latest(NODE).orElseThrow().report().orElseThrow().sequence() > before);
    assertTrue(
        wire.gateway.latest(NODE).orElseThrow().report().orElseThrow().sequence() < before + 20);
  }

  /** Its call has come in and is not answered yet; that it is over is no fault of anybody's. */
  @Test
  void anAgentThatDiesWhileItIsLetInLeavesNothingBehind() throws Exception {
    wire.join("node-1", wire.token("node-1"));
    BlockingQueue<CompletableFuture<Boolean>> deaths = new LinkedBlockingQueue<>();
    CountDownLatch busy = new CountDownLatch(1);
    List<Future<Boolean>> others =
        Stream.generate(() -> wire.vertx.executeBlocking(() -> done(busy), false))
            .limit(VertxOptions.DEFAULT_WORKER_POOL_SIZE)
            .toList();
    wire.calls =
        call -> {
          CompletableFuture<Boolean> death = new CompletableFuture<>();
          call.connection().closeHandler(closed -> death.complete(true));
          deaths.add(death);
        };
    Vertx process = Vertx.vertx();
    Wire.Agent dying = wire.agent(process, "node-1", new FakeHost());
    CompletableFuture<Boolean> death = taken(deaths);
    dying.close();
    process.close().await(10, TimeUnit.SECONDS);
    assertTrue(death.get(10, TimeUnit.SECONDS));
    busy.countDown();
    assertTrue(Future.all(others).await(10, TimeUnit.SECONDS).succeeded());

    FakeHost successor = new FakeHost();
    wire.agent("node-1", successor);
    taken(successor.documents);
  }

  private static boolean done(CountDownLatch latch) throws InterruptedException {
    return latch.await(20, TimeUnit.SECONDS);
  }

  private void send(Operation operation) {
    wire.store
        .operations()
        .add(
            new Operations.Sent(
                operation,
                NODE,
                Optional.empty(),
                Optional.empty(),
                Instant.now(),
                Optional.empty(),
                Optional.empty()));
    wire.gateway.send(NODE, operation);
  }

  private static Operation operation(String id) {
    return new Operation(
        id,
        1,
        Instant.now().plusSeconds(600),
        new Operation.ReadLog(io.quorate.common.model.ClusterName.of("prod"), 10));
  }

  private static <T> T taken(BlockingQueue<T> queue) throws InterruptedException {
    T item = queue.poll(10, TimeUnit.SECONDS);
    assertNotNull(item, "nothing arrived within 10 s");
    return item;
  }
}
