package io.quorate.coordinator.spec;

import io.quorate.common.error.Problem;
import io.quorate.coordinator.spec.yaml.Findings;
import io.quorate.coordinator.spec.yaml.SafeYaml;
import io.quorate.coordinator.spec.yaml.SpecProblem;
import java.util.List;
import java.util.Optional;

/**
 * A cluster's file: text to {@link ClusterSpec}, or everything that is wrong with it, each with its
 * line and column. Offline: knows nothing of hosts, releases or other clusters.
 */
public final class SpecFile {
  /** What reading a file comes to. */
  public sealed interface Result {
    /** Warnings refuse nothing. */
    record Accepted(ClusterSpec spec, List<SpecProblem> warnings) implements Result {
      public Accepted {
        warnings = List.copyOf(warnings);
      }
    }

    /** In the order of the file; never empty. */
    record Refused(List<SpecProblem> problems) implements Result {
      public Refused {
        problems = List.copyOf(problems);
      }
    }
  }

  private SpecFile() {}

  public static Result parse(String text) {
    Findings findings = new Findings();
    Optional<ClusterSpec> spec =
        SafeYaml.read(text, findings).flatMap(root -> new SpecReader(findings).read(root));
    return spec.isPresent() && findings.none()
        ? new Result.Accepted(spec.get(), findings.warnings())
        : new Result.Refused(findings.problems());
  }

  /**
   * For a text that has been accepted before, such as one from the store; a refusal is thrown, its
   * causes the lines as a person would see them.
   */
  public static ClusterSpec require(String text, String file) {
    return switch (parse(text)) {
      case Result.Accepted accepted -> accepted.spec();
      case Result.Refused refused -> throw asOne(refused.problems(), file).asException();
    };
  }

  /** One problem for all of them, with the code of the first. */
  public static Problem asOne(List<SpecProblem> problems, String file) {
    Problem first = problems.getFirst().problem();
    String sentence =
        problems.size() == 1
            ? "%s: %s".formatted(file, first.sentence())
            : "%s has %d errors".formatted(file, problems.size());
    Problem all = Problem.of(first.code(), sentence).withState("nothing was changed");
    for (SpecProblem problem : problems) {
      all = all.withCause(problem.render(file));
    }
    for (String remedy : first.remedies()) {
      all = all.withRemedy(remedy);
    }
    return all;
  }
}
