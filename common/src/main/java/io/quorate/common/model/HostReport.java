package io.quorate.common.model;

import io.quorate.common.error.Code;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What an agent says about its host: reality, not what it was told. */
public record HostReport(
    long sequence,
    Instant clock,
    long epoch,
    long generation,
    List<Member> members,
    List<Disk> disks,
    Load load,
    List<UnpackedRelease> releases) {
  public HostReport {
    members = List.copyOf(members);
    disks = List.copyOf(disks);
    releases = List.copyOf(releases);
  }

  public Optional<Member> member(MemberConfig.Id id) {
    return members.stream().filter(member -> member.id().equals(id)).findFirst();
  }

  /** Processor and memory of the host, and the agent's own resident memory. */
  public record Load(double cpuRatio, long memoryAvailableBytes, long agentResidentBytes) {}

  public record UnpackedRelease(
      EtcdVersion version, String architecture, String sha256, String etcdSha256) {}

  /**
   * One member. {@code converged} is the generation of the newest document that it has fully
   * converged to; problems say why it is not further.
   */
  public record Member(
      MemberConfig.Id id,
      long converged,
      DataState data,
      Unit unit,
      Ready ready,
      List<Trouble> problems,
      List<Certificate> certificates,
      List<DriftFound> drifts,
      String activity) {
    public Member {
      problems = List.copyOf(problems);
      certificates = List.copyOf(certificates);
      drifts = List.copyOf(drifts);
    }
  }

  /**
   * The stamp of the data that is there (empty when none), ids in hex where known, directories kept
   * aside.
   */
  public record DataState(
      String lineage, String clusterId, String memberId, List<String> setAside) {
    public DataState {
      setAside = List.copyOf(setAside);
    }
  }

  /**
   * What lies ready for the next document: releases (SHA-256 of their archives) and certificates.
   */
  public record Ready(List<String> stagedReleases, boolean certificates) {
    public Ready {
      stagedReleases = List.copyOf(stagedReleases);
    }
  }

  public enum UnitState {
    ABSENT,
    STOPPED,
    STARTING,
    RUNNING,
    STOPPING,
    FAILED
  }

  /**
   * The service as it runs: the hash and version of the executable in memory, the fingerprint it
   * was started with.
   */
  public record Unit(
      UnitState state, boolean enabled, int restarts, Running running, Failure failure) {}

  /** Pid 0 and empty strings when nothing runs. */
  public record Running(
      long pid,
      Instant started,
      String executableSha256,
      String executableVersion,
      String fingerprint) {
    public static Running none() {
      return new Running(0, Instant.EPOCH, "", "", "");
    }
  }

  /** How it last ended: exit code, and the last lines of its log while it is not running. */
  public record Failure(int exitCode, List<String> lastLines) {
    private static final Pattern FATAL =
        Pattern.compile("\"level\":\"(fatal|panic)\"|^panic: |^fatal error: ");
    private static final Pattern MESSAGE = text("msg");
    private static final Pattern ERROR = text("error");
    private static final int LONG = 300;

    public Failure {
      lastLines = List.copyOf(lastLines);
    }

    private static Pattern text(String key) {
      return Pattern.compile("\"" + key + "\":\"((?:[^\"\\\\]|\\\\.)*)\"");
    }

    /**
     * Why it ended, as far as it said so itself: the message and error of the last fatal line, or
     * else of the last one; empty when it said nothing.
     */
    public String lastWords() {
      if (lastLines.isEmpty()) {
        return "";
      }
      String line =
          lastLines.reversed().stream()
              .filter(l -> FATAL.matcher(l).find())
              .findFirst()
              .orElse(lastLines.getLast());
      Matcher message = MESSAGE.matcher(line);
      Matcher error = ERROR.matcher(line);
      String words = message.find() ? message.group(1) : line;
      words = error.find() && !words.equals(line) ? words + ": " + error.group(1) : words;
      String plain = words.replaceAll("\\p{Cntrl}", "?");
      return plain.length() > LONG ? plain.substring(0, LONG) + "…" : plain;
    }

    public static Failure none() {
      return new Failure(0, List.of());
    }
  }

  public record Trouble(Code code, String sentence, String remedy, Instant since) {}

  public record DriftFound(String what, String found, Instant since, boolean repaired) {}

  public record Certificate(String use, String serial, Instant notAfter) {}

  public record Disk(
      ClusterName cluster, String purpose, String path, Space space, Rates rates, Fsync fsync) {
    /** The purpose of where an agent makes copies of a member's data; not etcd's own. */
    public static final String SCRATCH = "scratch";

    /** The space is known: a file system that could not be asked has none in total. */
    public boolean measured() {
      return space.totalBytes() > 0;
    }
  }

  /** The device is empty when it cannot be known (rates are 0 then); free inodes are -1 then. */
  public record Space(
      String fileSystem, String device, long totalBytes, long freeBytes, long freeInodes) {}

  public record Rates(double readBytesPerSecond, double writtenBytesPerSecond, double busyRatio) {}

  /**
   * Percentiles of small synced appends in this file system over the last minute, in microseconds,
   * and all of them since the agent began.
   */
  public record Fsync(
      int samples, long p50Micros, long p90Micros, long p99Micros, long maxMicros, Histogram all) {
    /** Of the last minute only. */
    public Fsync(int samples, long p50Micros, long p90Micros, long p99Micros, long maxMicros) {
      this(samples, p50Micros, p90Micros, p99Micros, maxMicros, Histogram.none());
    }

    public static Fsync none() {
      return new Fsync(0, 0, 0, 0, 0);
    }

    public Fsync withAll(Histogram other) {
      return new Fsync(samples, p50Micros, p90Micros, p99Micros, maxMicros, other);
    }
  }

  /**
   * How many took so long, each counted once: up to the first bound, up to the second, and so on,
   * and in the end those beyond the last. Empty where nothing was counted.
   */
  public record Histogram(List<Long> counts, long sumMicros) {
    /** 1 ms, doubled ten times. */
    public static final List<Long> BOUNDS_MICROS =
        Stream.iterate(1_000L, bound -> bound * 2).limit(11).toList();

    public Histogram {
      counts = List.copyOf(counts);
    }

    public static Histogram none() {
      return new Histogram(List.of(), 0);
    }
  }
}
