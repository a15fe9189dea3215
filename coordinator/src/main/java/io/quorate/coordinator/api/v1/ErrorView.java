package io.quorate.coordinator.api.v1;

import io.quorate.common.error.Problem;
import java.util.List;

/** Why a request was refused. The code stays text, so that an older client can show a newer one. */
public record ErrorView(
    String code, String sentence, List<String> causes, String state, List<String> remedies) {
  public ErrorView {
    causes = List.copyOf(causes);
    remedies = List.copyOf(remedies);
  }

  public static ErrorView of(Problem problem) {
    return new ErrorView(
        problem.code().name(),
        problem.sentence(),
        problem.causes(),
        problem.state(),
        problem.remedies());
  }

  public ErrorView withState(String newState) {
    return new ErrorView(code, sentence, causes, newState, remedies);
  }
}
