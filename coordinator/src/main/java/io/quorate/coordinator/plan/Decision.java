package io.quorate.coordinator.plan;

import java.util.List;
import java.util.Optional;

/** What to do about a cluster now. */
public sealed interface Decision {
  record Act(Step step) implements Decision {}

  /**
   * Nothing now; it is asked again when something changes. The step that is held, when there is
   * one.
   */
  record Wait(Optional<Step> wanted, List<Hold> holds) implements Decision {
    public Wait {
      holds = List.copyOf(holds);
    }
  }

  record Done() implements Decision {}

  /**
   * Nothing until somebody decides: a failure, an illegal wish, a pause that a person must end.
   *
   * @param failed something was tried and did not work: a rollout does not go on by itself after
   *     that, even when what it waited for comes about later
   */
  record Refuse(List<Hold> reasons, boolean failed) implements Decision {
    public Refuse {
      reasons = List.copyOf(reasons);
    }
  }
}
