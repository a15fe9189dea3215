package io.quorate.agent.observe;

import io.quorate.common.model.HostReport.Fsync;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures what an append to a WAL on this file system costs, all the time: one small synced append
 * every two seconds, on a thread of its own, because a sync may hang for as long as the disk does.
 * Where nothing can be appended (disk full, directory missing) there are no samples; it tries again
 * every half minute.
 */
final class FsyncProbe implements AutoCloseable {
  static final Duration PERIOD = Duration.ofSeconds(2);
  static final Duration AFTER_FAILURE = Duration.ofSeconds(30);
  private static final Logger LOG = LoggerFactory.getLogger(FsyncProbe.class);
  private static final int A_MINUTE_OF_APPENDS = 32;

  private final Path path;
  private final ProbeFile file;
  private final LongSupplier nanoTime;
  private final LatencyWindow window = new LatencyWindow(A_MINUTE_OF_APPENDS);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private boolean failing;

  FsyncProbe(Path path, LongSupplier nanoTime) {
    this.path = path;
    this.file = new ProbeFile(path);
    this.nanoTime = nanoTime;
    this.thread = Thread.ofPlatform().daemon().name("fsync-probe").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  Fsync latencies() {
    return window.summary(nanoTime.getAsLong()).withAll(window.all());
  }

  /** Appends a number of records at once and says what they took. */
  static Fsync burst(Path path, int appends, LongSupplier nanoTime) throws IOException {
    LatencyWindow window = new LatencyWindow(appends);
    try (ProbeFile file = new ProbeFile(path)) {
      for (int i = 0; i < appends; i++) {
        file.prepare();
        window.started(nanoTime.getAsLong());
        file.append();
        window.ended(nanoTime.getAsLong());
      }
    }
    return window.summary(nanoTime.getAsLong());
  }

  /** One turn; answers how long to wait for the next. */
  Duration append() {
    try {
      file.prepare();
      window.started(nanoTime.getAsLong());
      file.append();
      window.ended(nanoTime.getAsLong());
      if (failing) {
        LOG.info("measuring syncs at {} again", path);
        failing = false;
      }
      return PERIOD;
    } catch (IOException e) {
      window.failed();
      if (!failing && e instanceof NoSuchFileException) {
        // Before the first member is prepared there is no such directory, and nothing is wrong.
        LOG.debug("no directory for {} yet", path);
      } else if (!failing) {
        LOG.warn("cannot measure syncs at {}: {}", path, e.toString());
        failing = true;
      }
      remove();
      return AFTER_FAILURE;
    }
  }

  private void run() {
    try {
      Duration wait = append();
      while (!closed.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        wait = append();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      remove();
    }
  }

  private void remove() {
    try {
      file.close();
    } catch (IOException e) {
      LOG.warn("cannot remove {}: {}", path, e.toString());
    }
  }

  /** Does not wait: the thread removes its file when the append that it is in has ended. */
  @Override
  public void close() {
    closed.countDown();
  }

  /** For a process that is about to end. */
  void awaitRemoved(Duration patience) throws InterruptedException {
    thread.join(patience);
  }
}
