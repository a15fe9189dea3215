package io.quorate.coordinator.api.v1;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot that the coordinator holds. Verified says when its hash was last found right, drilled
 * when it was last restored on trial. To save it took from its order to its arrival; empty where
 * that is not known any more.
 */
public record SnapshotView(
    String id,
    String cluster,
    String member,
    String etcdVersion,
    Instant taken,
    long sizeBytes,
    String sha256,
    long revision,
    long keys,
    Optional<Instant> verified,
    Optional<Instant> drilled,
    Optional<Double> drillSeconds,
    Optional<Double> saveSeconds) {

  /** Newest first. */
  public record All(List<SnapshotView> snapshots) {
    public All {
      snapshots = List.copyOf(snapshots);
    }
  }

  /**
   * What would be done about a cluster without quorum: who has data, the newest log first, whose
   * would be used, what may be lost, in which steps. {@code stops} says why it cannot be done now.
   */
  public record Recovery(
      String cluster,
      List<Survivor> survivors,
      String chosen,
      String loss,
      List<String> steps,
      List<Finding> stops) {
    public Recovery {
      survivors = List.copyOf(survivors);
      steps = List.copyOf(steps);
      stops = List.copyOf(stops);
    }
  }

  public record Survivor(
      String member,
      String host,
      boolean reachable,
      long term,
      long index,
      Optional<Instant> seen) {}
}
