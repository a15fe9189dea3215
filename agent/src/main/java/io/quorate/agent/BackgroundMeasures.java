package io.quorate.agent;

import io.quorate.agent.etcd.DataPlaces;
import io.quorate.agent.host.Layout;
import io.quorate.agent.observe.HostObserver;
import io.quorate.agent.observe.WatchedDirectory;
import io.quorate.agent.observe.WatchedDirectory.Purpose;
import io.quorate.agent.reconcile.HostMeasures;
import io.quorate.common.model.HostReport.Disk;
import io.quorate.common.model.HostReport.Load;
import io.quorate.common.model.MemberConfig;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the host from a thread of its own, because even asking a file system for its free space
 * can hang for as long as its disk does. Reports take the last that was seen; what is too old to be
 * true is not told.
 */
public final class BackgroundMeasures implements HostMeasures, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundMeasures.class);
  static final Duration PERIOD = Duration.ofSeconds(5);
  static final long TOO_OLD = Duration.ofSeconds(30).toNanos();

  private final HostObserver observer;
  private final Layout layout;
  private final LongSupplier nanoTime;
  private final Semaphore wake = new Semaphore(0);
  private final Thread thread;
  private volatile Set<WatchedDirectory> wanted = Set.of();
  private volatile Seen seen;
  private volatile boolean closed;

  private record Seen(long at, List<Disk> disks, Load load) {}

  /** Takes the observer over: it ends with this. */
  public BackgroundMeasures(HostObserver observer, Layout layout) {
    this(observer, layout, System::nanoTime);
  }

  BackgroundMeasures(HostObserver observer, Layout layout, LongSupplier nanoTime) {
    this.observer = observer;
    this.layout = layout;
    this.nanoTime = nanoTime;
    this.seen = new Seen(nanoTime.getAsLong(), List.of(), new Load(0, 0, 0));
    this.thread = Thread.ofPlatform().daemon().name("measures").start(this::run);
  }

  @Override
  public List<Disk> disks(List<MemberConfig> members) {
    Set<WatchedDirectory> directories =
        members.stream()
            .filter(member -> member.conduct().run() != MemberConfig.Run.RETIRED)
            .flatMap(this::directories)
            .collect(Collectors.toSet());
    if (!directories.equals(wanted)) {
      wanted = directories;
      wake.release();
    }
    Seen last = seen;
    return nanoTime.getAsLong() - last.at > TOO_OLD
        ? List.of()
        : last.disks.stream().filter(disk -> isOf(disk, directories)).toList();
  }

  @Override
  public Load load() {
    return seen.load;
  }

  private Stream<WatchedDirectory> directories(MemberConfig member) {
    DataPlaces places = DataPlaces.of(member, layout);
    return Stream.of(
        new WatchedDirectory(member.id().cluster(), Purpose.DATA, places.data()),
        new WatchedDirectory(member.id().cluster(), Purpose.WAL, places.walDisk()),
        new WatchedDirectory(member.id().cluster(), Purpose.SCRATCH, layout.scratch()));
  }

  private static boolean isOf(Disk disk, Set<WatchedDirectory> directories) {
    return directories.stream()
        .anyMatch(
            d -> d.cluster().equals(disk.cluster()) && d.path().toString().equals(disk.path()));
  }

  private void run() {
    try {
      while (!closed) {
        wake.tryAcquire(PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        wake.drainPermits();
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      observer.close();
    }
  }

  /** What could not be looked at grows too old and is then no longer told. */
  private void look() {
    try {
      observer.watch(wanted);
      List<Disk> disks = observer.disks();
      seen = new Seen(nanoTime.getAsLong(), disks, observer.load());
    } catch (RuntimeException e) {
      LOG.warn("cannot look at the host", e);
    }
  }

  /** Waits a moment for the probes' files to be removed, but not for a disk that hangs. */
  @Override
  public void close() {
    closed = true;
    wake.release();
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
