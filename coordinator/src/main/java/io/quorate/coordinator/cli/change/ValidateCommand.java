package io.quorate.coordinator.cli.change;

import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.spec.SpecFile;
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

  public ValidateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    SpecText spec = SpecText.read(file, session.terminal());
    return switch (SpecFile.parse(spec.text())) {
      case SpecFile.Result.Accepted accepted -> {
        accepted.warnings().forEach(each -> session.say("warning: " + each.render(spec.name())));
        session.say(
            "%s: cluster %s, etcd %s, %d members: valid"
                .formatted(
                    spec.name(),
                    accepted.spec().cluster(),
                    accepted.spec().version(),
                    accepted.spec().members().size()));
        yield ExitCode.DONE.number();
      }
      case SpecFile.Result.Refused refused ->
          throw SpecFile.asOne(refused.problems(), spec.name()).asException();
    };
  }
}
