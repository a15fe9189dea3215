package io.quorate.common.error;

/**
 * Carries a {@link Problem} out of code that cannot return it. Anything else that is thrown is a
 * bug.
 */
public final class QuorateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public QuorateException(Problem problem) {
    super(problem.code() + ": " + problem.sentence());
    this.problem = problem;
  }

  public QuorateException(Problem problem, Throwable cause) {
    super(problem.code() + ": " + problem.sentence(), cause);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
