package io.quorate.agent.observe;

import io.quorate.agent.observe.HostCounters.DeviceNumber;
import io.quorate.agent.observe.WatchedDirectory.Purpose;
import io.quorate.common.model.HostFacts;
import io.quorate.common.model.HostReport.Disk;
import io.quorate.common.model.HostReport.Fsync;
import io.quorate.common.model.HostReport.Load;
import io.quorate.common.model.HostReport.Rates;
import io.quorate.common.model.HostReport.Space;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Observes the host. Rates are over the time since the call before; where a directory lies is
 * looked up once a minute. Time is monotonic throughout: a clock that is set must not make a disk
 * look busy.
 */
public final class HostObserver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostObserver.class);
  private static final long PLACES_KEPT = Duration.ofMinutes(1).toNanos();
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(1);
  private static final Comparator<WatchedDirectory> ORDER =
      Comparator.comparing(WatchedDirectory::cluster).thenComparing(WatchedDirectory::purpose);

  private final String serviceManager;
  private final LongSupplier nanoTime;
  private final Path proc;
  private final BlockDevices devices;
  private final Supplier<HostCounters> counters;
  private final DiskRates rates = new DiskRates();
  private final Map<WatchedDirectory, Place> places = new HashMap<>();
  private final Map<Path, FsyncProbe> probes = new HashMap<>();
  private List<WatchedDirectory> watched = List.of();
  private @Nullable HostCounters loaded;
  private HostCounters.@Nullable Cpu cpuBefore;
  private double cpuRatio;

  /** What was looked up about a directory, and when. */
  private record Place(long lookedUp, Location location, long freeInodes) {}

  /**
   * @param serviceManager what {@link HostFacts} is to say: systemd or supervised
   */
  public HostObserver(String serviceManager) {
    this(serviceManager, System::nanoTime, Path.of("/proc"), Path.of("/sys"), OshiCounters::new);
  }

  HostObserver(
      String serviceManager,
      LongSupplier nanoTime,
      Path proc,
      Path sys,
      Supplier<HostCounters> counters) {
    this.serviceManager = serviceManager;
    this.nanoTime = nanoTime;
    this.proc = proc;
    this.devices = new BlockDevices(sys);
    this.counters = counters;
  }

  public HostFacts facts() {
    return Facts.read(proc, serviceManager);
  }

  /** Its addresses that others may reach it under. */
  public static List<String> addresses() {
    return Facts.addresses();
  }

  /** Watches exactly these from now on. */
  public synchronized void watch(Set<WatchedDirectory> directories) {
    watched = directories.stream().sorted(ORDER).toList();
    places.keySet().retainAll(directories);
    Map<Path, FsyncProbe> unwanted = new HashMap<>(probes);
    for (WatchedDirectory directory : watched) {
      if (directory.purpose() == Purpose.WAL) {
        Path path = probePath(directory);
        if (unwanted.remove(path) == null) {
          FsyncProbe probe = new FsyncProbe(path, nanoTime);
          probes.put(path, probe);
          probe.start();
        }
      }
    }
    unwanted.forEach(
        (path, probe) -> {
          probe.close();
          probes.remove(path);
        });
  }

  public synchronized List<Disk> disks() {
    if (watched.isEmpty()) {
      return List.of();
    }
    long now = nanoTime.getAsLong();
    Map<DeviceNumber, HostCounters.Disk> counts = counters().disks();
    if (rates.due(now)) {
      rates.sample(now, counts);
    }
    List<Disk> disks = new ArrayList<>();
    for (WatchedDirectory directory : watched) {
      try {
        disks.add(disk(directory, place(directory, now, counts)));
      } catch (IOException e) {
        LOG.warn("cannot observe {}: {}", directory.path(), e.toString());
      }
    }
    return disks;
  }

  /** Processor use is over the time since the call before; 0 the first time. */
  public synchronized Load load() {
    HostCounters.Cpu cpu = counters().cpu();
    HostCounters.Cpu before = cpuBefore;
    if (before != null && cpu.allTicks() > before.allTicks()) {
      cpuRatio =
          (double) (cpu.busyTicks() - before.busyTicks()) / (cpu.allTicks() - before.allTicks());
    }
    cpuBefore = cpu;
    return new Load(
        Math.clamp(cpuRatio, 0, 1),
        Facts.kilobytes(proc.resolve("meminfo"), "MemAvailable"),
        Facts.kilobytes(proc.resolve("self/status"), "VmRSS"));
  }

  /**
   * Measures now, on the caller's thread, what synced appends beside this directory take; for a
   * directory that etcd is yet to be laid on. Nothing stays behind.
   */
  public Fsync measure(Path directory, int appends) throws IOException {
    Path existing = Location.nearestExisting(directory.toAbsolutePath().normalize());
    return FsyncProbe.burst(
        existing.resolve(".quorate-probe-" + ProcessHandle.current().pid()), appends, nanoTime);
  }

  /** Stops measuring and removes the probes' files; a disk that hangs is not waited for. */
  @Override
  public synchronized void close() {
    List<FsyncProbe> open = List.copyOf(probes.values());
    watch(Set.of());
    try {
      for (FsyncProbe probe : open) {
        probe.awaitRemoved(LAST_PATIENCE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Disk disk(WatchedDirectory directory, Place place) throws IOException {
    Location location = place.location;
    FileStore store = Files.getFileStore(location.existing());
    Space space =
        new Space(
            location.mount().fileSystem(),
            location.device().map(Location.Device::path).orElse(""),
            store.getTotalSpace(),
            store.getUsableSpace(),
            place.freeInodes);
    return new Disk(
        directory.cluster(),
        directory.purpose().text(),
        directory.path().toString(),
        space,
        location.device().map(rates::of).orElse(new Rates(0, 0, 0)),
        latencies(directory, store));
  }

  /** None when the probe is on another file system, as beside a link to the WAL's real place. */
  private Fsync latencies(WatchedDirectory directory, FileStore store) throws IOException {
    Path path = probePath(directory);
    FsyncProbe probe = probes.get(path);
    Path beside = path.getParent();
    if (probe == null
        || beside == null
        || directory.purpose() != Purpose.WAL
        || !Files.exists(beside)
        || !Files.getFileStore(beside).equals(store)) {
      return Fsync.none();
    }
    return probe.latencies();
  }

  private Place place(
      WatchedDirectory directory, long now, Map<DeviceNumber, HostCounters.Disk> counts)
      throws IOException {
    Place known = places.get(directory);
    if (known == null
        || now - known.lookedUp > PLACES_KEPT
        || !Files.exists(known.location.existing())) {
      Mounts mounts = Mounts.read(proc.resolve("self/mountinfo"));
      Location location = Location.of(directory.path(), mounts, devices, counts);
      known = new Place(now, location, Facts.freeInodes(location.existing()));
      places.put(directory, known);
    }
    return known;
  }

  /**
   * Beside the WAL directory, never in it. etcd renames its WAL directory into place, so that can
   * be no mount point and beside it is the same file system. A WAL inside the data directory is
   * left too: a file there would make it look used.
   */
  private Path probePath(WatchedDirectory wal) {
    Path beside = wal.path();
    for (WatchedDirectory other : watched) {
      if (beside.startsWith(other.path())) {
        beside = other.path();
      }
    }
    String name = ".%s-%s.quorate-probe".formatted(wal.cluster(), wal.purpose().text());
    return beside.resolveSibling(name);
  }

  private HostCounters counters() {
    HostCounters known = loaded;
    if (known == null) {
      known = counters.get();
      loaded = known;
    }
    return known;
  }
}
