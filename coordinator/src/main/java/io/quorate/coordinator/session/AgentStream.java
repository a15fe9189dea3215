package io.quorate.coordinator.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.wire.Protocol;
import io.quorate.common.wire.WireMapper;
import io.quorate.common.wire.v1.FromAgent;
import io.quorate.common.wire.v1.Hello;
import io.quorate.common.wire.v1.OutcomeReceived;
import io.quorate.common.wire.v1.Ping;
import io.quorate.common.wire.v1.ToAgent;
import io.quorate.common.wire.v1.Welcome;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.function.LongSupplier;

/**
 * The coordinator's end of one agent's stream, without the transport: fed with messages and ticks
 * by one thread, it says what to write.
 *
 * <ol>
 *   <li>The first message must be a hello, within {@link #SILENCE}. No common protocol (Q1208), or
 *       an agent that has already obeyed a later coordinator than this one (Q2001), ends it.
 *   <li>Every {@link #PING} a ping; {@link #SILENCE} without a word from the agent ends it.
 *       Measured by a timer that no change of the clock can fool.
 *   <li>Memory is bounded however slow the agent reads: of documents only the newest waits for
 *       room, operations wait by id, and more than {@link #WAITING} of anything ends the stream,
 *       because on the next one everything that still counts is sent again.
 * </ol>
 */
final class AgentStream {
  static final Duration PING = Duration.ofSeconds(3);
  static final Duration SILENCE = Duration.ofSeconds(12);
  static final int WAITING = 256;
  static final int REPORT_MILLIS = 2_000;

  /** The transport. */
  interface Outlet {
    boolean full();

    void write(ToAgent message);

    /** Ends the stream after what was written. */
    void end();
  }

  /** Whom the stream tells. Called on the stream's thread; must not block. */
  interface Listener {
    void hello(AgentStream stream, Hello hello);

    void report(HostReport report);

    /** To be answered with {@link #received} when it is stored. */
    void outcome(OperationOutcome outcome);

    void closed(AgentStream stream, Optional<Problem> why);
  }

  /** Who is at the other end, and in whose reign. */
  record Parties(HostName host, String version, long epoch) {}

  private enum State {
    NEW,
    OPEN,
    CLOSED
  }

  private final Parties parties;
  private final Outlet outlet;
  private final Listener listener;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Queue<ToAgent> waiting = new ArrayDeque<>();
  private final SequencedMap<String, Operation> operations = new LinkedHashMap<>();
  private Optional<HostConfig> document = Optional.empty();
  private State state = State.NEW;
  private long pushed;
  private long heard;
  private long pinged;
  private long nonce;

  AgentStream(
      Parties parties, Outlet outlet, Listener listener, InstantSource clock, LongSupplier nanos) {
    this.parties = parties;
    this.outlet = outlet;
    this.listener = listener;
    this.clock = clock;
    this.nanos = nanos;
    this.heard = nanos.getAsLong();
    this.pinged = heard;
  }

  HostName host() {
    return parties.host();
  }

  void receive(FromAgent message) {
    if (state == State.CLOSED) {
      return;
    }
    heard = nanos.getAsLong();
    try {
      switch (message.getBodyCase()) {
        case HELLO -> greet(message.getHello());
        case REPORT -> {
          open();
          listener.report(WireMapper.fromWire(message.getReport()));
        }
        case OUTCOME -> {
          open();
          listener.outcome(WireMapper.fromWire(message.getOutcome()));
        }
        case PONG, BODY_NOT_SET -> open(); // heard it: that is all, also of what we do not know
      }
    } catch (QuorateException refusal) {
      goodbye(refusal.problem());
    }
  }

  private void open() {
    if (state != State.OPEN) {
      throw Problem.of(Code.Q1208, "the agent spoke before its hello").asException();
    }
  }

  private void greet(Hello hello) {
    if (state == State.OPEN) {
      throw Problem.of(Code.Q1208, "the agent said hello twice").asException();
    }
    OptionalInt protocol = Protocol.common(hello.getProtocolLowest(), hello.getProtocolHighest());
    if (protocol.isEmpty()) {
      throw Problem.of(
              Code.Q1208,
              "the agent speaks protocol %d to %d, this coordinator %d to %d"
                  .formatted(
                      hello.getProtocolLowest(),
                      hello.getProtocolHighest(),
                      Protocol.lowest(),
                      Protocol.highest()))
          .withRemedy("upgrade the older side")
          .asException();
    }
    if (hello.getEpoch() > parties.epoch()) {
      throw Problem.of(
              Code.Q2001,
              "this host has obeyed a coordinator of epoch %d; this one is of epoch %d"
                  .formatted(hello.getEpoch(), parties.epoch()))
          .withRemedy("stop the older coordinator: only the newest one may act")
          .withRemedy("if its store came back from a backup: quorate-coordinator restored")
          .asException();
    }
    state = State.OPEN;
    write(
        ToAgent.newBuilder()
            .setWelcome(
                Welcome.newBuilder()
                    .setCoordinatorVersion(parties.version())
                    .setProtocol(protocol.getAsInt())
                    .setEpoch(parties.epoch())
                    .setClockMillis(clock.millis())
                    .setReportIntervalMillis(REPORT_MILLIS))
            .build());
    listener.hello(this, hello);
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
                  Code.Q2102,
                  "the agent of %s has said nothing for %d s"
                      .formatted(host(), SILENCE.toSeconds()))));
    } else if (state == State.OPEN && now - pinged >= PING.toNanos()) {
      pinged = now;
      write(ToAgent.newBuilder().setPing(Ping.newBuilder().setNonce(++nonce)).build());
    }
  }

  /** Documents are read in parallel and may arrive here out of order: the newest one counts. */
  void push(HostConfig newest) {
    if (state == State.OPEN && newest.generation() >= pushed) {
      pushed = newest.generation();
      document = Optional.of(newest);
      drain();
    }
  }

  void send(Operation operation) {
    if (state == State.OPEN) {
      operations.put(operation.id(), operation);
      drain();
    }
  }

  /** The outcome is stored: the agent may forget it. */
  void received(String operationId) {
    operations.remove(operationId);
    if (state == State.OPEN) {
      write(
          ToAgent.newBuilder()
              .setOutcomeReceived(OutcomeReceived.newBuilder().setOperationId(operationId))
              .build());
    }
  }

  /** Says why, and ends the stream. */
  void goodbye(Problem why) {
    if (state != State.CLOSED) {
      waiting.clear();
      outlet.write(ToAgent.newBuilder().setGoodbye(WireMapper.goodbye(why)).build());
      close(Optional.of(why));
    }
  }

  /** The other side has ended or broken it. */
  void broken() {
    close(Optional.empty());
  }

  private void close(Optional<Problem> why) {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      outlet.end();
      listener.closed(this, why);
    }
  }

  /** There is room again. */
  void drain() {
    while (state == State.OPEN && !outlet.full()) {
      ToAgent next = waiting.poll();
      if (next == null && document.isPresent()) {
        next = ToAgent.newBuilder().setDesired(WireMapper.toWire(document.get())).build();
        document = Optional.empty();
      }
      Map.Entry<String, Operation> first = next == null ? operations.pollFirstEntry() : null;
      if (first != null) {
        next = ToAgent.newBuilder().setOperation(WireMapper.toWire(first.getValue())).build();
      }
      if (next == null) {
        return;
      }
      outlet.write(next);
    }
    if (waiting.size() > WAITING || operations.size() > WAITING) {
      close(
          Optional.of(
              Problem.of(Code.Q2102, "the agent of %s reads too slowly".formatted(host()))));
    }
  }

  private void write(ToAgent message) {
    waiting.add(message);
    drain();
  }
}
