package io.quorate.coordinator.plan.rule;

import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.time.Duration;
import java.util.Optional;

/**
 * Before something that cannot be taken back, there is a verified snapshot not older than the owner
 * wants; where none can be taken, because no member that is well has a connected host, the change
 * is not held up by that.
 */
final class Snapshots {
  private Snapshots() {}

  /** The step that makes one, when one is due. */
  static Optional<Decision> fresh(Situation situation) {
    Duration age = situation.wanted().rollout().gates().snapshotAge();
    boolean fresh =
        situation.intent().snapshots().stream()
            .filter(Intent.SnapshotInfo::verified)
            .anyMatch(s -> situation.since(s.at()).compareTo(age) <= 0);
    if (fresh || age.isZero()) {
      return Optional.empty();
    }
    return situation.inOrderOfChange().stream()
        .filter(m -> situation.well(m.name()) && situation.connected(m.host()))
        .findFirst()
        .flatMap(m -> Rule.act(new Step.SaveSnapshot(m.name(), m.host())));
  }
}
