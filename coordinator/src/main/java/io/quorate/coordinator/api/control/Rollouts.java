package io.quorate.coordinator.api.control;

import io.quorate.coordinator.api.v1.RolloutView;
import java.util.List;
import java.util.Optional;

/** What is being changed, and the brakes. */
public interface Rollouts {
  /** The one under way, else the last one; empty when there never was one. */
  Optional<RolloutView> latest(String cluster);

  RolloutView rollout(String cluster, long id);

  /** Newest first, steps left out. */
  List<RolloutView> history(String cluster, int limit);

  RolloutView pause(String cluster, String reason, Caller by);

  RolloutView resume(String cluster, String reason, Caller by);

  /** Back means: return to the revision that was last reached, through the same gates. */
  RolloutView abort(String cluster, String reason, boolean back, Caller by);
}
