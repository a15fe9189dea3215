package io.quorate.agent.boot;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives whoever comes to a port, one after the other, until it is closed. When nobody can be
 * received, most often because the process has no file descriptors left, it pauses before the next
 * attempt, and says so once until somebody was received again.
 */
final class Reception implements Runnable, AutoCloseable {
  static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

  private final ServerSocket server;
  private final Duration pause;
  private final Consumer<Socket> guests;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param guests must not block
   */
  Reception(ServerSocket server, Duration pause, Consumer<Socket> guests) {
    this.server = server;
    this.pause = pause;
    this.guests = guests;
  }

  @Override
  public void run() {
    boolean failing = false;
    while (!server.isClosed()) {
      try {
        Socket guest = server.accept();
        if (failing) {
          failing = false;
          LOG.info("peers are received again at {}", server.getLocalSocketAddress());
        }
        guests.accept(guest);
      } catch (IOException e) {
        if (server.isClosed()) {
          return;
        }
        if (!failing) {
          failing = true;
          LOG.warn(
              "peers cannot be received at {}, it is tried again every {} s: {}",
              server.getLocalSocketAddress(),
              pause.toSeconds(),
              e.getMessage());
        }
        if (closedWithin(pause)) {
          return;
        }
      }
    }
  }

  private boolean closedWithin(Duration time) {
    try {
      return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** The port is free when it returns. */
  @Override
  public void close() {
    closed.countDown();
    try {
      server.close();
    } catch (IOException e) {
      LOG.warn("the peer port is not free", e);
    }
  }
}
