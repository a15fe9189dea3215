package io.quorate.coordinator.plan;

import io.quorate.common.model.MemberName;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What has been decided about a cluster and must not be forgotten: the part of the truth that no
 * observation can bring back. Written durably before anything acts on it.
 */
public record Intent(
    long revision,
    Foundation foundation,
    Control control,
    Optional<ClusterSpec> previous,
    SortedMap<MemberName, Long> restarts,
    SortedMap<MemberName, Long> certificates,
    SortedMap<MemberName, Integer> learnersGivenUp,
    List<SnapshotInfo> snapshots,
    List<Exported> exports,
    Optional<Failure> failure) {
  public Intent {
    restarts = Collections.unmodifiableSortedMap(new TreeMap<>(restarts));
    certificates = Collections.unmodifiableSortedMap(new TreeMap<>(certificates));
    learnersGivenUp = Collections.unmodifiableSortedMap(new TreeMap<>(learnersGivenUp));
    snapshots = List.copyOf(snapshots);
    exports = List.copyOf(exports);
  }

  /**
   * Where the cluster's data comes from. The token is made once for each founding (and anew for a
   * restore); {@code formed} turns true once and then founding is over for good.
   *
   * @param committed how far those that answered had come when a recovery was asked for; 0 when
   *     that is not known, or for any other founding
   */
  public record Foundation(
      String token,
      Seed seed,
      List<String> supersedes,
      boolean formed,
      long clusterId,
      List<MemberName> founders,
      long committed) {
    public Foundation {
      supersedes = List.copyOf(supersedes);
      founders = List.copyOf(founders);
    }

    public Foundation(
        String token,
        Seed seed,
        List<String> supersedes,
        boolean formed,
        long clusterId,
        List<MemberName> founders) {
      this(token, seed, supersedes, formed, clusterId, founders, 0);
    }
  }

  public enum Mode {
    RUNNING,
    PAUSED,
    ABORTED,
    /** Every member is stopped, its data set aside, and the cluster forgotten. */
    DELETING
  }

  /**
   * What people asked of the rollout. An empty limit means all members. Turning back: a failed
   * rollout is on its way to the previous revision, so members that it broke come first.
   */
  public record Control(
      Mode mode,
      String by,
      String reason,
      List<MemberName> limit,
      boolean turningBack,
      Instant since) {
    public Control {
      limit = List.copyOf(limit);
    }
  }

  public record SnapshotInfo(
      String id, Instant at, long revision, long sizeBytes, boolean verified) {}

  /**
   * The data of a stopped member, packed for a move and held by the coordinator. It was asked for
   * at this instant: a copy from before the member was last stopped is of no use to anybody.
   */
  public record Exported(
      MemberName member, String lineage, String sha256, long sizeBytes, Instant at) {}

  /**
   * A step that failed for good; it stays until somebody resumes, aborts or applies something else.
   */
  public record Failure(Hold reason, String step, Instant at) {}
}
