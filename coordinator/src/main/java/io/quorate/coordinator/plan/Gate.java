package io.quorate.coordinator.plan;

import java.util.Optional;

/** One question about a proposed step; a closed gate says why. */
public interface Gate {
  Optional<Hold> hold(Step step, Situation situation);
}
