package io.quorate.coordinator.api.noun;

import io.quorate.coordinator.api.route.Answer;
import io.quorate.coordinator.api.v1.Changed;

/** Answers to changes, with the words that the audit trail keeps. */
final class Outcomes {
  private Outcomes() {}

  static Answer changed(Changed changed) {
    String what = changed.changed() ? "revision " + changed.revision() : "nothing to do";
    String rollout = changed.rollout().map(id -> ", rollout " + id).orElse("");
    return Answer.of(changed, changed.cluster() + ": " + what + rollout);
  }
}
