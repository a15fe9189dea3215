package io.quorate.agent.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.wire.Protocol;
import io.quorate.common.wire.WireMapper;
import io.quorate.common.wire.v1.FromAgent;
import io.quorate.common.wire.v1.Hello;
import io.quorate.common.wire.v1.Pong;
import io.quorate.common.wire.v1.ToAgent;
import io.quorate.common.wire.v1.Welcome;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The agent's end of one stream, without the transport: fed with messages and ticks by one thread,
 * it says what to write.
 *
 * <ol>
 *   <li>Hello first; nothing else until the coordinator's welcome.
 *   <li>Then reports, as the pacer says, as long as the stream takes them: a slow stream gets
 *       fewer, newer ones, never a queue of old ones.
 *   <li>Outcomes that are not acknowledged yet are sent again on every new stream.
 *   <li>{@link #SILENCE} without a word from the coordinator, who pings every few seconds, ends it.
 *   <li>A document that this version cannot read whole is not obeyed in part; an operation that it
 *       does not know is answered with a failed outcome.
 * </ol>
 */
final class LinkSession {
  static final Duration SILENCE = Duration.ofSeconds(12);

  /** The transport. */
  interface Outlet {
    boolean full();

    void write(FromAgent message);

    void end();
  }

  /** Whom the session tells. Called on the session's thread; must not block. */
  interface Listener {
    void welcome(Welcome welcome);

    void desired(HostConfig document);

    void operation(Operation operation);

    void closed(Optional<Problem> why);
  }

  private enum State {
    GREETING,
    OPEN,
    CLOSED
  }

  private final Outlet outlet;
  private final Listener listener;
  private final OutcomeBox outcomes;
  private final Supplier<HostReport> report;
  private final LongSupplier nanos;
  private Optional<ReportPacer> pacer = Optional.empty();
  private State state = State.GREETING;
  private long heard;

  LinkSession(
      Outlet outlet,
      Listener listener,
      OutcomeBox outcomes,
      Supplier<HostReport> report,
      LongSupplier nanos) {
    this.outlet = outlet;
    this.listener = listener;
    this.outcomes = outcomes;
    this.report = report;
    this.nanos = nanos;
    this.heard = nanos.getAsLong();
  }

  void begin(Hello hello) {
    outlet.write(FromAgent.newBuilder().setHello(hello).build());
  }

  void receive(ToAgent message) {
    if (state == State.CLOSED) {
      return;
    }
    heard = nanos.getAsLong();
    try {
      switch (message.getBodyCase()) {
        case WELCOME -> open(message.getWelcome());
        case DESIRED -> listener.desired(WireMapper.fromWire(message.getDesired()));
        case OPERATION -> operation(message.getOperation());
        case PING ->
            write(
                FromAgent.newBuilder()
                    .setPong(Pong.newBuilder().setNonce(message.getPing().getNonce()))
                    .build());
        case OUTCOME_RECEIVED -> outcomes.received(message.getOutcomeReceived().getOperationId());
        case GOODBYE -> close(Optional.of(WireMapper.fromWire(message.getGoodbye())));
        case BODY_NOT_SET -> {} // of a newer coordinator: not for us
      }
    } catch (QuorateException refusal) {
      close(Optional.of(refusal.problem()));
    }
  }

  private void open(Welcome welcome) {
    if (welcome.getProtocol() < Protocol.lowest() || welcome.getProtocol() > Protocol.highest()) {
      throw Problem.of(
              Code.Q1208, "the coordinator wants to speak protocol " + welcome.getProtocol())
          .asException();
    }
    state = State.OPEN;
    int interval = Math.clamp(welcome.getReportIntervalMillis(), 200, 60_000);
    pacer = Optional.of(new ReportPacer(Duration.ofMillis(interval), nanos.getAsLong()));
    listener.welcome(welcome);
    outcomes.waiting().forEach(this::send);
    tick();
  }

  private void operation(io.quorate.common.wire.v1.Operation wire) {
    try {
      listener.operation(WireMapper.fromWire(wire));
    } catch (QuorateException refusal) {
      outcome(
          new OperationOutcome(
              wire.getId(),
              wire.getEpoch(),
              Optional.of(refusal.problem().code()),
              refusal.problem().sentence(),
              new TreeMap<>()));
    }
  }

  /** The host has something new to say. */
  void changed() {
    pacer.ifPresent(one -> one.change(nanos.getAsLong()));
    tick();
  }

  /** An operation has ended; kept until the coordinator has stored it. */
  void outcome(OperationOutcome outcome) {
    outcomes.add(outcome);
    if (state == State.OPEN) {
      send(outcome);
    }
  }

  void tick() {
    if (state == State.CLOSED) {
      return;
    }
    long now = nanos.getAsLong();
    if (now - heard > SILENCE.toNanos()) {
      close(
          Optional.of(
              Problem.of(
                  Code.Q1401,
                  "the coordinator has said nothing for %d s".formatted(SILENCE.toSeconds()))));
    } else if (pacer.map(one -> one.due(now)).orElse(false) && !outlet.full()) {
      pacer.get().sent(now);
      write(FromAgent.newBuilder().setReport(WireMapper.toWire(report.get())).build());
    }
  }

  /** The other side has ended or broken it. */
  void broken() {
    close(Optional.empty());
  }

  private void send(OperationOutcome outcome) {
    write(FromAgent.newBuilder().setOutcome(WireMapper.toWire(outcome)).build());
  }

  private void write(FromAgent message) {
    if (state != State.CLOSED) {
      outlet.write(message);
    }
  }

  private void close(Optional<Problem> why) {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      outlet.end();
      listener.closed(why);
    }
  }
}
