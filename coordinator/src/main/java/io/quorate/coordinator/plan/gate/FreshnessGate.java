package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.time.Duration;
import java.util.Optional;

/** An old observation decides nothing. */
final class FreshnessGate implements Gate {
  static final Duration OLD = Duration.ofSeconds(5);

  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    return situation.since(situation.seen().etcd().asked()).compareTo(OLD) <= 0
        ? Optional.empty()
        : Optional.of(Hold.of(Code.Q3001, "the last observation is too old to act on"));
  }
}
