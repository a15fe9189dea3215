package io.quorate.coordinator.spec.yaml;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Everything found wrong with one file so far; capped, so that a hostile file stays cheap. */
public final class Findings {
  private static final int MOST = 100;

  private final List<SpecProblem> problems = new ArrayList<>();
  private final List<SpecProblem> warnings = new ArrayList<>();

  public void add(Node where, Code code, String sentence, String remedy) {
    add(where, problem(code, sentence, remedy));
  }

  public void add(Node where, Problem problem) {
    add(where.getStartMark(), problem);
  }

  public void add(Optional<Mark> mark, Problem problem) {
    add(line(mark), column(mark), problem);
  }

  public void add(int line, int column, Problem problem) {
    if (problems.size() < MOST) {
      problems.add(new SpecProblem(problem, line, column));
    }
  }

  public void warn(Node where, Code code, String sentence, String remedy) {
    Optional<Mark> mark = where.getStartMark();
    warnings.add(new SpecProblem(problem(code, sentence, remedy), line(mark), column(mark)));
  }

  public boolean none() {
    return problems.isEmpty();
  }

  public boolean full() {
    return problems.size() >= MOST;
  }

  public List<SpecProblem> problems() {
    return problems.stream().distinct().sorted(SpecProblem.ORDER).toList();
  }

  public List<SpecProblem> warnings() {
    return warnings.stream().sorted(SpecProblem.ORDER).toList();
  }

  public static Problem problem(Code code, String sentence, String remedy) {
    Problem problem = Problem.of(code, sentence);
    return remedy.isEmpty() ? problem : problem.withRemedy(remedy);
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(m -> m.getLine() + 1).orElse(1);
  }

  private static int column(Optional<Mark> mark) {
    return mark.map(m -> m.getColumn() + 1).orElse(1);
  }
}
