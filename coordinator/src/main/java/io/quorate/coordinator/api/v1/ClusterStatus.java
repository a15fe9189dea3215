package io.quorate.coordinator.api.v1;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How one cluster is: what {@code quorate status} shows. */
public record ClusterStatus(
    String cluster,
    Health health,
    String etcdVersion,
    long revision,
    long appliedRevision,
    String clusterId,
    Quorum quorum,
    Optional<Rollout> rollout,
    Optional<Instant> lastBackup,
    Instant observed,
    List<Member> members,
    List<Finding> findings) {
  public ClusterStatus {
    members = List.copyOf(members);
    findings = List.copyOf(findings);
  }

  /** All clusters, worst first. */
  public record All(List<ClusterStatus> clusters) {
    public All {
      clusters = List.copyOf(clusters);
    }
  }

  /** Worst last. Unknown means that nobody could look, which is not the same as well. */
  public enum Health {
    HEALTHY,
    WARNING,
    FORMING,
    DEGRADED,
    UNKNOWN,
    UNAVAILABLE;

    /** Serving with its full strength, possibly with something to look at. */
    public boolean well() {
      return this == HEALTHY || this == WARNING;
    }
  }

  /** {@code canLose} is how many more voters may fail while the cluster serves. */
  public record Quorum(int voters, int healthy, int needed, int canLose) {}

  /** The rollout that is under way or was the last to fail. */
  public record Rollout(long id, String title, String state) {}

  public enum Role {
    LEADER,
    VOTER,
    LEARNER,
    NONE
  }

  public enum State {
    OK,
    WARNING,
    STARTING,
    STOPPED,
    DOWN,
    UNKNOWN
  }

  /** One member; ids are empty until it has one. */
  public record Member(
      String name,
      String host,
      String id,
      Role role,
      State state,
      String etcdVersion,
      Database database,
      long raftLag,
      Optional<Double> fsyncP99Seconds,
      Agent agent,
      Optional<Instant> certificateNotAfter,
      String clientUrl,
      String peerUrl) {}

  public record Database(long bytes, long inUseBytes, long quotaBytes) {}

  public record Agent(boolean connected, String version, Optional<Instant> lastSeen) {}
}
