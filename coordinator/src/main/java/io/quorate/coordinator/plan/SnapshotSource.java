package io.quorate.coordinator.plan;

import io.quorate.coordinator.spec.ClusterSpec;
import java.util.Optional;

/**
 * Which member a snapshot is taken from.
 *
 * <ol>
 *   <li>One that is well, and whose host is connected.
 *   <li>Of these, one that is up to date: no further behind the leader than its owner lets a
 *       rollout tolerate.
 *   <li>Of these, a follower before the leader, in the order of the file: a snapshot costs its
 *       member time and disk.
 * </ol>
 */
public final class SnapshotSource {
  private SnapshotSource() {}

  public static Optional<ClusterSpec.Member> of(Situation situation) {
    long most = situation.wanted().rollout().gates().maximumLag();
    return situation.inOrderOfChange().stream()
        .filter(m -> situation.well(m.name()) && situation.votes(m.name()))
        .filter(m -> situation.connected(m.host()))
        .filter(m -> situation.lag(m.name()).filter(lag -> lag <= most).isPresent())
        .min(java.util.Comparator.comparing(m -> situation.leads(m.name())));
  }
}
