package io.quorate.coordinator.spec.yaml;

import io.quorate.common.error.Problem;
import java.util.Comparator;

/** Something wrong with a cluster's file, and where: line and column, both counted from 1. */
public record SpecProblem(Problem problem, int line, int column) {
  public static final Comparator<SpecProblem> ORDER =
      Comparator.comparingInt(SpecProblem::line).thenComparingInt(SpecProblem::column);

  /** One line as compilers write it, for example {@code prod.yaml:7:3 Q1002 unknown key …}. */
  public String render(String file) {
    return "%s:%d:%d %s %s".formatted(file, line, column, problem.code(), problem.sentence());
  }
}
