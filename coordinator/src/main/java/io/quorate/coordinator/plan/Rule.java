package io.quorate.coordinator.plan;

import java.util.Optional;

/** Says what is to be done next, or nothing when that is not its business. */
public interface Rule {
  Optional<Decision> decide(Situation situation);

  static Optional<Decision> act(Step step) {
    return Optional.of(new Decision.Act(step));
  }

  static Optional<Decision> hold(Hold hold) {
    return Optional.of(new Decision.Wait(Optional.empty(), java.util.List.of(hold)));
  }

  static Optional<Decision> refuse(Hold hold) {
    return Optional.of(new Decision.Refuse(java.util.List.of(hold), false));
  }

  /** What was tried did not work. */
  static Optional<Decision> fail(Hold hold) {
    return Optional.of(new Decision.Refuse(java.util.List.of(hold), true));
  }
}
