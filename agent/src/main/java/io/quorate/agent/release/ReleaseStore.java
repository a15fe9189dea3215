package io.quorate.agent.release;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.CrashPoints.DurableStep;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.Stat;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Release;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The releases unpacked on this host, each known by the digest of its archive.
 *
 * <ol>
 *   <li>An archive is fetched and its digest verified before the first byte of it is unpacked.
 *   <li>It is unpacked into a staging directory, checked there (machine, own version), given a
 *       record of its programs' digests, and renamed into place whole.
 *   <li>A directory that is already there is never written into: one by hand, or of another archive
 *       of the same version, makes the new one get a suffix; one whose etcd has changed since is
 *       renamed aside first.
 *   <li>Old ones are removed by count, never one that is named as in use.
 * </ol>
 */
public final class ReleaseStore {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseStore.class);
  private static final String STAGING = ".quorate-staging-";
  private static final List<String> PROGRAMS = List.of("etcd", "etcdctl", "etcdutl");

  private final Host host;
  private final Layout layout;
  private final Downloads downloads;
  private final InstantSource clock;
  private final ReentrantLock placing = new ReentrantLock();
  private final Map<Path, Seen> verified = new ConcurrentHashMap<>();

  private record Seen(Stat stat, boolean intact) {}

  public ReleaseStore(Host host, Layout layout, Downloads downloads, InstantSource clock) {
    this.host = host;
    this.layout = layout;
    this.downloads = downloads;
    this.clock = clock;
  }

  /** All that are there, in the order of their directories' names. */
  public List<InstalledRelease> installed() throws IOException {
    List<InstalledRelease> found = new ArrayList<>();
    for (String name : host.list(layout.releases())) {
      if (name.startsWith("etcd-v")) {
        Path directory = layout.releases().resolve(name);
        Optional<String> record = host.text(directory.resolve(InstalledRelease.RECORD));
        if (record.isPresent()) {
          found.add(InstalledRelease.fromJson(record.get(), directory));
        }
      }
    }
    return found;
  }

  /**
   * A tool of this release, or, as some archives carry only etcd itself, of the newest other one
   * that has it: etcdctl and etcdutl speak to their neighbours.
   */
  public Optional<Path> tool(InstalledRelease own, String name) throws IOException {
    Optional<Path> there = own.program(name);
    return there.isPresent()
        ? there
        : installed().stream()
            .filter(it -> it.program(name).isPresent())
            .max(Comparator.comparing(it -> it.release().version()))
            .flatMap(it -> it.program(name));
  }

  /** To ask a member with: of the release that it runs, or as above. */
  public Optional<Path> etcdctl(MemberConfig.Releases releases) throws IOException {
    Optional<InstalledRelease> own = find(releases.running());
    return own.isPresent() ? tool(own.get(), "etcdctl") : Optional.empty();
  }

  /** The one made from this archive, if it is there and its etcd is still what it was. */
  public Optional<InstalledRelease> find(Release release) throws IOException {
    for (InstalledRelease candidate : installed()) {
      if (same(candidate, release) && intact(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** Makes sure that it is there. Blocks while it is fetched. */
  public InstalledRelease ensure(Release release) throws IOException {
    Optional<InstalledRelease> there = find(release);
    if (there.isPresent()) {
      return there.get();
    }
    Instant began = clock.instant();
    Path archive = downloads.get(release.sha256(), release.size());
    Instant fetched = clock.instant();
    placing.lock();
    try {
      Optional<InstalledRelease> meanwhile = find(release);
      InstalledRelease installed =
          meanwhile.isPresent() ? meanwhile.get() : unpack(release, archive);
      downloads.forget(release.sha256());
      LOG.info(
          "etcd {} is here: {} ms to fetch, {} ms to check and unpack",
          release.version(),
          Duration.between(began, fetched).toMillis(),
          Duration.between(fetched, clock.instant()).toMillis());
      return installed;
    } finally {
      placing.unlock();
    }
  }

  /** Whether the etcd on disk is the one that was unpacked; looks again only after a change. */
  public boolean intact(InstalledRelease release) throws IOException {
    Stat stat = host.stat(release.etcd());
    Seen seen = verified.get(release.directory());
    if (seen != null && seen.stat.equals(stat)) {
      return seen.intact;
    }
    return intactNow(release);
  }

  /** The same before a start: by its content, read just now or within the last minutes. */
  public boolean intactNow(InstalledRelease release) throws IOException {
    Stat stat = host.stat(release.etcd());
    boolean intact = stat.isFile() && host.sha256(release.etcd()).equals(release.etcdSha256());
    verified.put(release.directory(), new Seen(stat, intact));
    return intact;
  }

  /**
   * Removes the oldest beyond the number to keep (those in use do not count and are not touched),
   * and what a kill has left lying about.
   */
  public void prune(Set<String> inUse, int keep) throws IOException {
    placing.lock();
    try {
      for (String name : host.list(layout.releases())) {
        if (name.startsWith(STAGING)) {
          host.removeTree(layout.releases().resolve(name));
        }
      }
      for (InstalledRelease unpacked : installed()) {
        downloads.forget(unpacked.release().sha256());
      }
      List<InstalledRelease> spare =
          installed().stream()
              .filter(it -> !inUse.contains(it.release().sha256()))
              .sorted(Comparator.comparing(InstalledRelease::unpacked).reversed())
              .toList();
      for (InstalledRelease old : spare.subList(Math.min(keep, spare.size()), spare.size())) {
        host.crashPoints().before(DurableStep.PRUNE);
        Path trash = layout.releases().resolve(STAGING + "trash");
        host.removeTree(trash);
        host.rename(old.directory(), trash);
        host.removeTree(trash);
        host.crashPoints().after(DurableStep.PRUNE);
      }
    } finally {
      placing.unlock();
    }
  }

  private InstalledRelease unpack(Release release, Path archive) throws IOException {
    Path staging = layout.releases().resolve(STAGING + release.sha256().substring(0, 12));
    host.removeTree(staging);
    host.makeDirectory(layout.releases(), Access.PUBLIC_DIRECTORY);
    host.crashPoints().before(DurableStep.UNPACK);
    try (InputStream in = host.open(archive, 0)) {
      new Unpacker(host, Unpacker.Limits.RELEASE).unpackGzip(in, staging);
      Path inner = staging.resolve(release.directoryName());
      ReleaseCheck.check(host, inner.resolve("etcd"), release);
      Path directory = freeDirectory(release);
      InstalledRelease installed =
          new InstalledRelease(release, directory, programs(inner), clock.instant());
      host.write(
          inner.resolve(InstalledRelease.RECORD),
          installed.toJson().getBytes(UTF_8),
          Access.PUBLIC);
      host.crashPoints().after(DurableStep.UNPACK);
      host.crashPoints().before(DurableStep.PLACE_RELEASE);
      host.rename(inner, directory);
      verified.put(directory, new Seen(host.stat(installed.etcd()), true));
      host.crashPoints().after(DurableStep.PLACE_RELEASE);
      return installed;
    } finally {
      host.removeTree(staging);
    }
  }

  private Path freeDirectory(Release release) throws IOException {
    for (InstalledRelease damaged : installed()) {
      if (same(damaged, release)) {
        setAside(damaged.directory());
      }
    }
    Path plain = layout.releases().resolve(release.directoryName());
    if (!host.stat(plain).exists()) {
      return plain;
    }
    Path suffixed =
        layout.releases().resolve(release.directoryName() + "-" + release.sha256().substring(0, 8));
    if (host.stat(suffixed).exists()) {
      setAside(suffixed);
    }
    return suffixed;
  }

  private void setAside(Path directory) throws IOException {
    for (int n = 1; ; n++) {
      Path aside = directory.resolveSibling("damaged-" + directory.getFileName() + "." + n);
      if (!host.stat(aside).exists()) {
        host.rename(directory, aside);
        return;
      }
    }
  }

  private SortedMap<String, String> programs(Path directory) throws IOException {
    SortedMap<String, String> programs = new TreeMap<>();
    for (String program : PROGRAMS) {
      Path file = directory.resolve(program);
      if (host.stat(file).isFile()) {
        // The tools were verified with the archive; only what runs is looked at again.
        programs.put(program, program.equals("etcd") ? host.sha256(file) : "");
      }
    }
    return programs;
  }

  private static boolean same(InstalledRelease installed, Release release) {
    return installed.release().sha256().equals(release.sha256())
        && installed.release().version().equals(release.version())
        && installed.release().architecture().equals(release.architecture());
  }
}
