package io.quorate.coordinator.rollout;

import io.quorate.common.model.ClusterName;
import io.quorate.coordinator.plan.Step;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One virtual thread a cluster; each turns when something happened, or after a while. */
public final class Workers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final Duration SOON = Duration.ofMillis(150);
  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final Duration AFTER_A_BUG = Duration.ofSeconds(2);

  private final Function<ClusterName, ClusterWorker> make;
  private final Consumer<Step> afterStep;
  private final Map<ClusterName, Running> running = new ConcurrentHashMap<>();
  private volatile boolean closed;

  public Workers(Function<ClusterName, ClusterWorker> make) {
    this(make, step -> {});
  }

  /**
   * @param afterStep told of each step when it has been carried out, before anything else happens
   */
  public Workers(Function<ClusterName, ClusterWorker> make, Consumer<Step> afterStep) {
    this.make = make;
    this.afterStep = afterStep;
  }

  /** Starts a cluster's worker, when there is none, and wakes it. */
  public void wake(ClusterName cluster) {
    if (closed) {
      return;
    }
    running.computeIfAbsent(cluster, this::start).signal();
  }

  public void wakeAll() {
    running.values().forEach(Running::signal);
  }

  public Optional<ClusterWorker.Latest> latest(ClusterName cluster) {
    return Optional.ofNullable(running.get(cluster)).flatMap(r -> r.worker.latest());
  }

  private Running start(ClusterName cluster) {
    Running started = new Running(make.apply(cluster));
    started.thread =
        Thread.ofVirtual().name("cluster-" + cluster).start(() -> run(cluster, started));
    return started;
  }

  private void run(ClusterName cluster, Running me) {
    while (!closed) {
      ClusterWorker.Pace pace;
      Duration pause;
      try {
        pace = me.worker.turn();
        if (pace == ClusterWorker.Pace.AT_ONCE) {
          me.worker.carriedOut().ifPresent(afterStep);
        }
        pause = pace == ClusterWorker.Pace.IDLE ? IDLE : SOON;
      } catch (RuntimeException e) {
        LOG.error("a turn of cluster {} failed", cluster, e);
        pace = ClusterWorker.Pace.SOON;
        pause = AFTER_A_BUG;
      }
      if (pace == ClusterWorker.Pace.GONE) {
        running.remove(cluster, me);
        return;
      }
      if (pace != ClusterWorker.Pace.AT_ONCE && !me.await(pause)) {
        return;
      }
    }
  }

  /** Returns when no turn is under way any more. */
  @Override
  public void close() {
    closed = true;
    running.values().forEach(Running::signal);
    for (Running each : running.values()) {
      Thread thread = each.thread;
      if (thread != null) {
        try {
          thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  private static final class Running {
    private final ClusterWorker worker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean signalled;
    private volatile @org.jspecify.annotations.Nullable Thread thread;

    private Running(ClusterWorker worker) {
      this.worker = worker;
    }

    private void signal() {
      lock.lock();
      try {
        signalled = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** False when the thread is asked to end. */
    private boolean await(Duration pause) {
      lock.lock();
      try {
        long left = pause.toNanos();
        while (!signalled && left > 0) {
          left = changed.awaitNanos(left);
        }
        signalled = false;
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      } finally {
        lock.unlock();
      }
    }
  }
}
