package io.quorate.coordinator.api.v1;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One host as its agent tells. Facts are absent until the agent has said hello. */
public record HostView(
    String name,
    State state,
    Optional<Instant> lastSeen,
    Optional<Instant> joined,
    String agentVersion,
    Optional<Facts> facts,
    Optional<Double> clockOffsetSeconds,
    Optional<Instant> certificateNotAfter,
    List<Member> members,
    List<Disk> disks,
    List<String> setAside,
    List<Finding> findings) {
  public HostView {
    members = List.copyOf(members);
    disks = List.copyOf(disks);
    setAside = List.copyOf(setAside);
    findings = List.copyOf(findings);
  }

  /**
   * How far something has got that is done cluster by cluster: the change that was begun or is
   * under way now, and the clusters that are still to come, this one included. Asked again, it goes
   * on; it is over when there is no change. {@code note}: what was decided about it, if anything.
   */
  public record Stage(String host, Optional<Changed> change, List<String> left, String note) {
    public Stage {
      left = List.copyOf(left);
    }
  }

  public record All(List<HostView> hosts) {
    public All {
      hosts = List.copyOf(hosts);
    }
  }

  public enum State {
    CONNECTED,
    DISCONNECTED,
    NEVER_SEEN,
    REVOKED
  }

  public record Facts(
      String os,
      String kernel,
      String architecture,
      int cpus,
      long memoryBytes,
      String serviceManager,
      List<String> addresses) {
    public Facts {
      addresses = List.copyOf(addresses);
    }
  }

  public record Member(
      String cluster, String member, String unitState, long restarts, String etcdVersion) {}

  public record Disk(
      String cluster,
      String purpose,
      String path,
      String device,
      Space space,
      Optional<Fsync> fsync,
      Rates rates) {}

  /** Free inodes are -1 where the file system has no such bound. */
  public record Space(String fileSystem, long totalBytes, long freeBytes, long freeInodes) {}

  /**
   * Of small synced appends over the last minute; and all of them since the agent began: how many
   * took up to 1 ms, 2 ms, 4 ms and so on to 1024 ms, and in the end how many took longer.
   */
  public record Fsync(
      double p50Seconds,
      double p99Seconds,
      double maxSeconds,
      List<Long> counts,
      double sumSeconds) {
    public Fsync {
      counts = List.copyOf(counts);
    }
  }

  /** Of the device, over the last report. */
  public record Rates(double readBytesPerSecond, double writtenBytesPerSecond, double busyRatio) {}

  /**
   * What a new host needs to join, said once and never again: the coordinator keeps only the
   * token's digest.
   */
  public record Token(
      String token,
      Optional<String> host,
      Instant expires,
      String address,
      String authorityPin,
      String command) {}
}
