package io.quorate.coordinator.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.wire.WireMapper;
import io.quorate.common.wire.v1.FromAgent;
import io.quorate.common.wire.v1.Hello;
import io.quorate.common.wire.v1.ToAgent;
import io.quorate.coordinator.store.Journal;
import io.quorate.coordinator.store.Operations;
import io.quorate.coordinator.store.Store;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.grpc.server.GrpcServerResponse;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that are open now, at most one a host: the newest wins, because the older one is most
 * often dead without knowing it, and the older one is told why (Q1212). A stream counts from its
 * hello on; then it is sent what the store holds for its host, so nothing depends on what was sent
 * before.
 */
final class LiveStreams {
  private static final Logger log = LoggerFactory.getLogger(LiveStreams.class);

  private final Vertx vertx;
  private final Store store;
  private final SessionNotes notes;
  private final AgentGateway.Reign reign;
  private final InstantSource clock;
  private final HostReports reports = new HostReports();
  private final KnownDocuments documents;
  private final Machines machines = new Machines();
  private final Identities identities;
  private final Map<HostName, Live> live = new ConcurrentHashMap<>();
  private final List<BiConsumer<HostName, OperationOutcome>> outcomes =
      new CopyOnWriteArrayList<>();
  private volatile Predicate<Operation> withheld = operation -> false;

  LiveStreams(
      Vertx vertx,
      Store store,
      SessionNotes notes,
      Identities identities,
      AgentGateway.Reign reign,
      InstantSource clock) {
    this.vertx = vertx;
    this.store = store;
    this.notes = notes;
    this.identities = identities;
    this.reign = reign;
    this.clock = clock;
    this.documents = new KnownDocuments(store, notes, reign.epoch(), clock);
  }

  HostReports reports() {
    return reports;
  }

  boolean isConnected(HostName host) {
    return live.containsKey(host);
  }

  void onOutcome(BiConsumer<HostName, OperationOutcome> listener) {
    outcomes.add(listener);
  }

  void withhold(Predicate<Operation> which) {
    withheld = which;
  }

  void open(Call.Caller caller, Call<FromAgent, ToAgent> call) {
    new Live(caller, call).begin();
  }

  void push(HostName host) {
    Live one = live.get(host);
    if (one != null) {
      one.pushDocument();
    }
  }

  void send(HostName host, Operation operation) {
    Live one = live.get(host);
    if (one != null) {
      one.context.runOnContext(v -> one.stream.send(inThisReign(operation)));
    }
  }

  void disconnect(HostName host, Problem problem) {
    Live one = live.get(host);
    if (one != null) {
      one.context.runOnContext(v -> one.stream.goodbye(problem));
    }
  }

  void tick() {
    live.values().forEach(one -> one.context.runOnContext(v -> one.tick()));
  }

  void close() {
    Problem going = Problem.of(Code.Q1401, "the coordinator is shutting down");
    live.keySet().forEach(host -> disconnect(host, going));
  }

  private Operation inThisReign(Operation operation) {
    return new Operation(operation.id(), reign.epoch(), operation.expires(), operation.task());
  }

  /** One stream, its transport and what is done about what it says. Lives on its context. */
  private final class Live implements AgentStream.Outlet, AgentStream.Listener {
    private final Call.Caller caller;
    private final Call<FromAgent, ToAgent> call;
    private final GrpcServerResponse<FromAgent, ToAgent> response;
    private final Context context;
    private final AgentStream stream;
    private final long helloTimer;
    private Optional<HostReport> early = Optional.empty();

    Live(Call.Caller caller, Call<FromAgent, ToAgent> call) {
      this.caller = caller;
      this.call = call;
      this.response = call.request().response();
      this.context = vertx.getOrCreateContext();
      this.stream =
          new AgentStream(
              new AgentStream.Parties(caller.host(), reign.version(), reign.epoch()),
              this,
              this,
              clock,
              System::nanoTime);
      this.helloTimer =
          vertx.setTimer(AgentStream.SILENCE.toMillis() + 1_000, late -> stream.tick());
    }

    void begin() {
      call.request().errorHandler(error -> gone());
      call.request().exceptionHandler(failure -> gone());
      response.exceptionHandler(failure -> gone());
      call.request().endHandler(end -> stream.broken());
      response.drainHandler(room -> stream.drain());
      call.request().handler(stream::receive);
      response.writeHead(); // so that the agent's call is answered before anything is said
      call.request().resume();
    }

    private void gone() {
      call.markOver();
      stream.broken();
    }

    void tick() {
      stream.tick();
      X509Certificate certificate = caller.certificate();
      if (clock.instant().isAfter(certificate.getNotAfter().toInstant())) {
        stream.goodbye(Problem.of(Code.Q1206, "the agent's certificate has expired"));
      }
    }

    @Override
    public boolean full() {
      return response.writeQueueFull();
    }

    @Override
    public void write(ToAgent message) {
      if (!call.over()) {
        response.write(message);
      }
    }

    @Override
    public void end() {
      if (!call.over()) {
        call.markOver();
        response.end();
      }
    }

    @Override
    public void hello(AgentStream self, Hello hello) {
      call.blocking(
              () -> {
                Optional<Problem> copied =
                    machines.copied(caller.host(), hello.getInstance(), caller.address());
                if (copied.isPresent()) {
                  identities.lock(caller.host(), copied.get());
                  throw copied.get().asException();
                }
                documents.greet(caller.host(), hello);
                return hello;
              })
          .onSuccess(this::believed)
          .onFailure(this::failed);
    }

    private void believed(Hello hello) {
      HostName host = caller.host();
      if (call.over()) {
        return;
      }
      Live before = live.put(host, this);
      if (before != null) {
        before.context.runOnContext(v -> before.replaced(caller.address()));
      }
      Instant now = clock.instant();
      reports.connected(host, greeting(hello, now), now);
      log.info("{} connected from {}", host, caller.address());
      early.ifPresent(this::report);
      resend();
    }

    private HostLink.Greeting greeting(Hello hello, Instant now) {
      return new HostLink.Greeting(
          hello.getAgentVersion(),
          caller.address(),
          WireMapper.fromWire(hello.getFacts()),
          hello.getBootId(),
          Duration.between(now, Instant.ofEpochMilli(hello.getClockMillis())),
          caller.certificate().getNotAfter().toInstant());
    }

    /** Everything that the store holds for this host. */
    private void resend() {
      call.blocking(() -> store.operations().open(caller.host()))
          .onSuccess(
              all ->
                  all.stream()
                      .map(Operations.Sent::operation)
                      .filter(operation -> clock.instant().isBefore(operation.expires()))
                      .filter(operation -> !withheld.test(operation))
                      .forEach(operation -> stream.send(inThisReign(operation))))
          .onFailure(this::failed);
      pushDocument();
    }

    void pushDocument() {
      context.runOnContext(
          v ->
              call.<Optional<HostConfig>>blocking(() -> documents.current(caller.host()))
                  .onSuccess(document -> document.ifPresent(stream::push))
                  .onFailure(this::failed));
    }

    private void replaced(String by) {
      Problem problem =
          Problem.of(Code.Q1212, "%s has connected again, from %s".formatted(caller.host(), by));
      stream.goodbye(problem);
    }

    @Override
    public void report(HostReport report) {
      if (live.get(caller.host()) == this) {
        reports.reported(caller.host(), report, clock.instant());
      } else {
        early = Optional.of(report); // the hello is still being looked at
      }
    }

    @Override
    public void outcome(OperationOutcome outcome) {
      call.blocking(() -> finish(outcome))
          .onSuccess(stored -> stream.received(outcome.operationId()))
          .onFailure(this::failed);
    }

    /** An outcome of what was never sent to this host is taken off its hands and dropped. */
    private boolean finish(OperationOutcome outcome) {
      boolean ours =
          store
              .operations()
              .find(outcome.operationId())
              .filter(sent -> sent.host().equals(caller.host()))
              .isPresent();
      if (ours && store.operations().finish(outcome, clock.instant())) {
        outcomes.forEach(listener -> listener.accept(caller.host(), outcome));
      }
      return ours;
    }

    /** The store or a listener failed: on the next stream all of it is tried again. */
    private void failed(Throwable failure) {
      if (failure instanceof QuorateException refusal) {
        stream.goodbye(refusal.problem());
        return;
      }
      log.error("the stream of {} ends", caller.host(), failure);
      stream.goodbye(Problem.of(Code.Q1308, "the coordinator failed; its log says why"));
    }

    @Override
    public void closed(AgentStream self, Optional<Problem> why) {
      vertx.cancelTimer(helloTimer);
      String reason = why.map(Problem::sentence).orElse("the connection ended");
      log.info("the stream of {} has ended: {}", caller.host(), reason);
      why.filter(problem -> problem.code() == Code.Q1212 || problem.code() == Code.Q2001)
          .ifPresent(this::tellPeople);
      if (live.remove(caller.host(), this)) {
        reports.disconnected(caller.host(), clock.instant());
      }
    }

    private void tellPeople(Problem problem) {
      vertx
          .executeBlocking(
              () -> {
                notes.event(
                    Journal.Severity.WARNING,
                    Optional.of(problem.code()),
                    caller.host().value(),
                    problem.sentence());
                return true;
              })
          .onFailure(failure -> log.error("an event could not be stored", failure));
    }
  }
}
