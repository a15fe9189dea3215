package io.quorate.coordinator.cli.change;

import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Words;
import io.quorate.coordinator.spec.SpecFile;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "validate",
    description = "Check a cluster's file, offline; errors come with line and column")
public final class ValidateCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "the cluster's file, - for standard input")
  private String file = "";

  /** A file that is right. What is wrong with another one is an error, as everywhere. */
  public record Verdict(
      String file,
      boolean valid,
      String cluster,
      String etcdVersion,
      List<String> members,
      List<String> warnings) {
    public Verdict {
      members = List.copyOf(members);
      warnings = List.copyOf(warnings);
    }
  }

  public ValidateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    SpecText spec = SpecText.read(file, session.terminal());
    return switch (SpecFile.parse(spec.text())) {
      case SpecFile.Result.Accepted accepted -> {
        accepted.warnings().forEach(each -> session.say("warning: " + each.render(spec.name())));
        Verdict verdict = verdict(spec, accepted);
        session
            .output()
            .one(
                verdict,
                verdict.cluster(),
                paper ->
                    paper.line(
                        "%s: cluster %s, etcd %s, %s: valid"
                            .formatted(
                                spec.name(),
                                verdict.cluster(),
                                verdict.etcdVersion(),
                                Words.count(verdict.members().size(), "member", "members"))));
        yield ExitCode.DONE.number();
      }
      case SpecFile.Result.Refused refused ->
          throw SpecFile.asOne(refused.problems(), spec.name()).asException();
    };
  }

  private static Verdict verdict(SpecText spec, SpecFile.Result.Accepted accepted) {
    return new Verdict(
        spec.name(),
        true,
        accepted.spec().cluster().value(),
        accepted.spec().version().toString(),
        accepted.spec().members().stream().map(m -> m.name().value()).toList(),
        accepted.warnings().stream().map(w -> w.render(spec.name())).toList());
  }
}
