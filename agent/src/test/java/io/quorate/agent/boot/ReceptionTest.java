package io.quorate.agent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A port on loopback at which nobody can be received for a while. */
class ReceptionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final BlockingQueue<Socket> received = new LinkedBlockingQueue<>();
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Reception.class.getName());

  @BeforeEach
  void listen() {
    said.start();
    logger.addAppender(said);
  }

  @AfterEach
  void leave() throws IOException {
    logger.detachAppender(said);
    for (Socket guest : received) {
      guest.close();
    }
  }

  @Test
  void pausesBetweenAttemptsAndSaysItOnce() throws IOException, InterruptedException {
    Port port = new Port(10);
    Duration pause = Duration.ofMillis(50);
    Reception reception = new Reception(port, pause, received::add);
    long begun = System.nanoTime();
    Thread turns = Thread.ofVirtual().start(reception);
    try (Socket guest = new Socket(port.getInetAddress(), port.getLocalPort());
        Socket host = taken()) {
      assertEquals(guest.getLocalPort(), host.getPort());
    }
    assertTrue(System.nanoTime() - begun >= 10 * pause.toNanos(), "it did not pause");
    reception.close();
    assertTrue(turns.join(PATIENCE));
    assertEquals(
        List.of(Level.WARN, Level.INFO), said.list.stream().map(ILoggingEvent::getLevel).toList());
    assertTrue(said.list.getFirst().getFormattedMessage().contains("Too many open files"));
  }

  @Test
  void closingEndsItInThePause() throws IOException, InterruptedException {
    Port port = new Port(Integer.MAX_VALUE);
    Reception reception = new Reception(port, Duration.ofHours(1), received::add);
    Thread turns = Thread.ofVirtual().start(reception);
    assertTrue(port.failed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    reception.close();
    assertTrue(turns.join(PATIENCE));
    assertEquals(1, port.attempts.get());
  }

  @Test
  void closingEndsItWhileNobodyComes() throws IOException, InterruptedException {
    Port port = new Port(0);
    Reception reception = new Reception(port, Duration.ofHours(1), received::add);
    Thread turns = Thread.ofVirtual().start(reception);
    new Socket(port.getInetAddress(), port.getLocalPort()).close();
    taken().close();
    reception.close();
    assertTrue(turns.join(PATIENCE));
    assertEquals(List.of(), said.list);
  }

  private Socket taken() throws InterruptedException {
    return Objects.requireNonNull(
        received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS), "nobody was received");
  }

  /** Fails at first, as a process without file descriptors does. */
  private static final class Port extends ServerSocket {
    private final AtomicInteger attempts = new AtomicInteger();
    private final CountDownLatch failed = new CountDownLatch(1);
    private final int failures;

    Port(int failures) throws IOException {
      super(0, 8, InetAddress.getLoopbackAddress());
      this.failures = failures;
    }

    @Override
    public Socket accept() throws IOException {
      if (attempts.incrementAndGet() <= failures) {
        failed.countDown();
        throw new SocketException("Too many open files");
      }
      return super.accept();
    }
  }
}
