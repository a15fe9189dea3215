package io.quorate.agent.reconcile;

import io.quorate.common.error.Problem;
import java.util.List;

/**
 * What is to be done now.
 *
 * @param actions in order; when they are done, look again
 * @param problems why it cannot be done, or not all of it
 * @param waiting for what, in words; empty when for nothing
 * @param drifts what is not as this agent left it
 */
public record Plan(
    List<Action> actions, List<Problem> problems, String waiting, List<Drift> drifts) {
  public Plan {
    actions = List.copyOf(actions);
    problems = List.copyOf(problems);
    drifts = List.copyOf(drifts);
  }

  /** The document asks for nothing more. */
  public boolean settled() {
    return actions.isEmpty() && problems.isEmpty() && waiting.isEmpty();
  }

  /**
   * Something that somebody else changed.
   *
   * @param repaired whether this plan, or one before it, puts it right
   */
  public record Drift(String what, String found, boolean repaired) {}
}
