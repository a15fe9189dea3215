package io.quorate.coordinator.api.route;

import io.quorate.common.error.Problem;

/** A problem with a status line of its own, on its way out of the machinery of routes. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient Problem problem;

  public Refusal(int status, Problem problem) {
    super(problem.sentence());
    this.status = status;
    this.problem = problem;
  }

  public int status() {
    return status;
  }

  public Problem problem() {
    return problem;
  }
}
