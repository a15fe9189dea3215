package io.quorate.agent.session;

import io.quorate.agent.reconcile.HostAgent;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostFacts;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.wire.GrpcProblems;
import io.quorate.common.wire.Protocol;
import io.quorate.common.wire.WireMapper;
import io.quorate.common.wire.v1.AgentServiceGrpcClient;
import io.quorate.common.wire.v1.FromAgent;
import io.quorate.common.wire.v1.Hello;
import io.quorate.common.wire.v1.ToAgent;
import io.quorate.common.wire.v1.Welcome;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life line to the coordinator, kept up by one virtual thread.
 *
 * <ol>
 *   <li>Dial the current coordinator, open the stream, say hello, and serve it until it ends.
 *   <li>Ended or refused: on to the next coordinator after a wait that grows ({@link Backoff}). A
 *       stream that was welcomed starts the waits from the shortest again. Refusals wait longest,
 *       and never end the trying: they may be taken back.
 *   <li>When the certificate is due it is renewed before the next stream, and the stream is ended
 *       for that, because a stream speaks under the certificate that it was opened with.
 *   <li>What comes in goes to the host in the order it came, off the event loop.
 * </ol>
 *
 * Nothing here stops or changes anything on the host; without a coordinator everything runs on.
 */
public final class CoordinatorLink implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CoordinatorLink.class);
  private static final Duration RENEW_AGAIN = Duration.ofMinutes(1);
  private static final long TICK_MILLIS = 250;

  private final Vertx vertx;
  private final Coordinators coordinators;
  private final HostAgent host;
  private final Self self;
  private final InstantSource clock;
  private final OutcomeBox outcomes = new OutcomeBox();
  private final Random random = new Random();
  private final String instance = HexFormat.of().toHexDigits(random.nextLong());
  private final double jitter = random.nextDouble();
  private final ExecutorService inbox =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("inbox").factory());
  private final Thread thread;
  private volatile Optional<Stream> live = Optional.empty();
  private volatile long renewAgain = System.nanoTime();
  private volatile boolean closed;

  /** What the hello says about this agent besides what it has seen. */
  public record Self(String version, String bootId, HostFacts facts) {}

  public CoordinatorLink(
      Vertx vertx, Coordinators coordinators, HostAgent host, Self self, InstantSource clock) {
    this.vertx = vertx;
    this.coordinators = coordinators;
    this.host = host;
    this.self = self;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("coordinator-link").unstarted(this::run);
  }

  public void start() {
    host.onChange(() -> live.ifPresent(Stream::changed));
    thread.start();
  }

  private void run() {
    try {
      Backoff backoff = new Backoff(random);
      String said = "";
      while (!closed) {
        Optional<Problem> ended = once(backoff);
        String reason = ended.map(p -> p.code() + " " + p.sentence()).orElse("the stream ended");
        if (!reason.equals(said) && !closed) {
          log.warn("not connected to {}: {}", coordinators.route().endpoint(), reason);
          said = reason;
        }
        if (ended.isPresent()) {
          coordinators.next();
        }
        if (ended.map(CoordinatorLink::told).orElse(false)) {
          backoff.farthest();
        }
        pause(backoff.next());
      }
    } catch (InterruptedException e) {
      log.debug("the link is closing");
    }
  }

  private void pause(Duration duration) throws InterruptedException {
    try {
      vertx.timer(duration.toMillis()).toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a timer does not fail", e);
    }
  }

  /** Whether the coordinator said so, rather than could not be reached. */
  private static boolean told(Problem problem) {
    return problem.code() != Code.Q1401 && problem.code() != Code.Q1308;
  }

  /** One stream from beginning to end; says why it ended where that is known. */
  private Optional<Problem> once(Backoff backoff) throws InterruptedException {
    if (renewalDue()) {
      renew();
    }
    Stream stream = new Stream(coordinators.route(), backoff);
    live = Optional.of(stream);
    try {
      stream.open();
      return stream.await();
    } finally {
      live = Optional.empty();
      stream.close();
    }
  }

  private boolean renewalDue() {
    return System.nanoTime() - renewAgain >= 0
        && !clock.instant().isBefore(coordinators.identity().renewal(jitter));
  }

  /** The present certificate is good for as long again, so a failure is no reason to stop. */
  private void renew() {
    renewAgain = System.nanoTime() + RENEW_AGAIN.toNanos();
    try {
      coordinators.renew();
      log.info("renewed the certificate of {}", coordinators.identity().host());
    } catch (IOException | QuorateException e) {
      log.warn("the certificate could not be renewed yet: {}", e.getMessage());
    }
  }

  /** Ends the link and nothing else. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    live.ifPresent(Stream::close);
    inbox.shutdown();
    coordinators.close();
  }

  /** One stream, its transport and what is done about what it brings. Lives on its context. */
  private final class Stream implements LinkSession.Outlet, LinkSession.Listener {
    private final Context context = vertx.getOrCreateContext();
    private final Promise<Optional<Problem>> done = Promise.promise();
    private final Coordinators.Route route;
    private final Backoff backoff;
    private final LinkSession session =
        new LinkSession(this, this, outcomes, host::report, System::nanoTime);
    private Optional<GrpcClientRequest<FromAgent, ToAgent>> request = Optional.empty();
    private long ticker;

    Stream(Coordinators.Route route, Backoff backoff) {
      this.route = route;
      this.backoff = backoff;
    }

    void open() {
      context.runOnContext(
          v -> {
            ticker = vertx.setPeriodic(TICK_MILLIS, tick -> tick());
            route
                .client()
                .open(route.endpoint(), AgentServiceGrpcClient.Session)
                .onSuccess(this::begin)
                .onFailure(this::failed);
          });
    }

    private void begin(GrpcClientRequest<FromAgent, ToAgent> opened) {
      request = Optional.of(opened);
      opened.exceptionHandler(failure -> session.broken());
      opened.response().onSuccess(this::receive).onFailure(this::failed);
      session.begin(hello());
    }

    private void receive(GrpcClientResponse<FromAgent, ToAgent> response) {
      response.handler(session::receive);
      response.errorHandler(error -> session.broken());
      response
          .end()
          .onSuccess(end -> session.broken())
          .onFailure(
              failure ->
                  failed(
                      response.status() == null || response.status() == GrpcStatus.OK
                          ? failure
                          : GrpcProblems.read(response).asException()));
    }

    private Hello hello() {
      Hello.Builder hello =
          Hello.newBuilder()
              .setAgentVersion(self.version())
              .setProtocolLowest(Protocol.lowest())
              .setProtocolHighest(Protocol.highest())
              .setBootId(self.bootId())
              .setInstance(instance)
              .setEpoch(host.epoch())
              .setGeneration(host.generation())
              .setClockMillis(clock.millis())
              .setFacts(WireMapper.toWire(self.facts()));
      host.document().map(WireMapper::toWire).ifPresent(hello::setDesired);
      return hello.build();
    }

    /** Blocks until the stream has ended, and says why where that is known. */
    Optional<Problem> await() throws InterruptedException {
      try {
        return done.future().toCompletionStage().toCompletableFuture().get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a stream ends without failure", e);
      }
    }

    void changed() {
      context.runOnContext(
          v -> {
            session.changed();
            vertx.setTimer(ReportPacer.GATHER.toMillis(), later -> session.tick());
          });
    }

    private void tick() {
      session.tick();
      if (renewalDue()) {
        session.broken();
      }
    }

    /** Ends it from this side. */
    void close() {
      context.runOnContext(v -> session.broken());
    }

    @Override
    public boolean full() {
      return request.map(GrpcClientRequest::writeQueueFull).orElse(true);
    }

    @Override
    public void write(FromAgent message) {
      request.ifPresent(open -> open.write(message));
    }

    @Override
    public void end() {
      request.ifPresent(
          open -> {
            request = Optional.empty();
            open.end();
            open.cancel();
          });
    }

    private void failed(Throwable failure) {
      closed(Optional.of(CoordinatorClient.explained(route.endpoint(), failure).problem()));
    }

    @Override
    public void welcome(Welcome welcome) {
      backoff.reset();
      log.info(
          "connected to {} (version {}, epoch {})",
          route.endpoint(),
          welcome.getCoordinatorVersion(),
          welcome.getEpoch());
    }

    @Override
    public void desired(HostConfig document) {
      tell(
          () -> {
            try {
              host.desired(document);
            } catch (QuorateException refusal) {
              log.warn("{} {}", refusal.problem().code(), refusal.problem().sentence());
            }
          });
    }

    @Override
    public void operation(Operation operation) {
      tell(() -> host.operation(operation, outcome -> context.runOnContext(v -> answer(outcome))));
    }

    private void tell(Runnable message) {
      try {
        inbox.execute(message);
      } catch (RejectedExecutionException e) {
        log.debug("the link is closing: what comes now is said again to the next agent");
      }
    }

    private void answer(OperationOutcome outcome) {
      // By now another stream may be live; the outcome belongs to whichever is.
      outcomes.add(outcome);
      live.ifPresent(stream -> stream.context.runOnContext(v -> stream.session.outcome(outcome)));
    }

    @Override
    public void closed(Optional<Problem> why) {
      vertx.cancelTimer(ticker);
      done.tryComplete(why);
    }
  }
}
