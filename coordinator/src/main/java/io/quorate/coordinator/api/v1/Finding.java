package io.quorate.coordinator.api.v1;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.util.List;

/**
 * A warning, a wait or a reason: a code of the catalogue, a sentence, what it is about, and what to
 * do.
 */
public record Finding(String code, String sentence, String subject, List<String> remedies) {
  public Finding {
    remedies = List.copyOf(remedies);
  }

  public static Finding of(Code code, String sentence, String subject, String... remedies) {
    return new Finding(code.name(), sentence, subject, List.of(remedies));
  }

  public static Finding of(Problem problem, String subject) {
    return new Finding(problem.code().name(), problem.sentence(), subject, problem.remedies());
  }
}
