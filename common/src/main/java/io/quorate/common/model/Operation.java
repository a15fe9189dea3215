package io.quorate.common.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something that cannot be said as a state. Idempotent by its id: a second delivery returns the
 * stored outcome; the same id with another content is refused.
 */
public record Operation(String id, long epoch, Instant expires, Task task) {

  public sealed interface Task {}

  /** Saves a snapshot of the local member and uploads it under the operation's id. */
  public record SaveSnapshot(MemberConfig.Id member) implements Task {}

  /**
   * Packs the stopped member's data and WAL directories and uploads them under the operation's id.
   */
  public record ExportData(MemberConfig.Id member, String lineage) implements Task {}

  /** Restores a snapshot in a scratch directory, starts it on loopback, compares, tears down. */
  public record DrillSnapshot(
      ClusterName cluster, String sha256, long size, Release release, Expected expected)
      implements Task {}

  /**
   * Makes a snapshot out of a data directory that no etcd runs on, with what its log holds, and
   * uploads it under the operation's id. The directory is only read.
   */
  public record SalvageData(String data, Optional<String> wal, Release release) implements Task {}

  /**
   * What the snapshot must prove to hold: its revision, and what its own tool told of the file when
   * it was saved. Keys of 0 mean that it was not told.
   */
  public record Expected(long revision, long keys, long hash, Optional<Live> live) {}

  /** What the member that it came from answered at that revision. */
  public record Live(long keys, long hash, long compacted) {}

  /** Asks the host whether these members could be laid down: ports, directories, space, user. */
  public record CheckHost(List<MemberConfig> members) implements Task {
    public CheckHost {
      members = List.copyOf(members);
    }
  }

  /** The last lines of a member's log. */
  public record ReadLog(ClusterName cluster, int lines) implements Task {}
}
