package io.quorate.coordinator.cli.help;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.cli.context.ContextFile;
import io.quorate.coordinator.cli.context.ServerContext;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Table;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "context", description = "Which coordinators are known, and which one is meant")
public final class ContextCommand {
  private final Session session;

  /** A context as it is printed. */
  public record View(
      String name, boolean current, String address, String ca, String certificate, String key) {}

  /** All of them. */
  public record All(List<View> contexts) {
    public All {
      contexts = List.copyOf(contexts);
    }
  }

  public ContextCommand(Session session) {
    this.session = session;
  }

  @Command(name = "list", description = "Every context; the current one has a star")
  int list() {
    ContextFile file = ContextFile.load(session.contexts().file());
    All all = new All(file.contexts().stream().map(each -> view(file, each)).toList());
    session
        .output()
        .list(
            all,
            all.contexts(),
            View::name,
            paper -> {
              if (all.contexts().isEmpty()) {
                paper.line("No contexts in %s.".formatted(file.file()));
                return;
              }
              Table table = Table.of("CURRENT", "NAME", "ADDRESS", "CA", "CERTIFICATE", "KEY");
              for (View each : all.contexts()) {
                table
                    .cell(each.current() ? "*" : " ")
                    .cell(each.name())
                    .cell(each.address())
                    .cell(each.ca())
                    .cell(each.certificate())
                    .cell(each.key())
                    .end();
              }
              table.draw(paper);
            });
    return ExitCode.DONE.number();
  }

  @Command(name = "use", description = "Make one the current one")
  int use(@Parameters(paramLabel = "NAME") String name) {
    ContextFile file = ContextFile.load(session.contexts().file());
    if (file.find(name).isEmpty()) {
      throw Problem.of(Code.Q1402, "there is no context '%s' in %s".formatted(name, file.file()))
          .withRemedy("quorate context list")
          .asException();
    }
    file.withCurrent(name).save();
    session.say("now talking to " + name);
    return ExitCode.DONE.number();
  }

  @Command(name = "add", description = "Add one, or change the one of that name")
  int add(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--address",
              required = true,
              paramLabel = "HOST:PORT",
              description = "of the coordinator")
          String address,
      @Option(
              names = "--ca",
              required = true,
              paramLabel = "FILE",
              description = "the authority that vouches for the coordinator")
          Path ca,
      @Option(
              names = "--cert",
              required = true,
              paramLabel = "FILE",
              description = "the operator's certificate")
          Path certificate,
      @Option(names = "--key", required = true, paramLabel = "FILE", description = "its key")
          Path key) {
    ContextFile file = ContextFile.load(session.contexts().file());
    file.with(
            new ServerContext(
                name,
                address,
                ca.toAbsolutePath(),
                certificate.toAbsolutePath(),
                key.toAbsolutePath()))
        .save();
    session.say("context %s is in %s".formatted(name, file.file()));
    return ExitCode.DONE.number();
  }

  private static View view(ContextFile file, ServerContext context) {
    return new View(
        context.name(),
        context.name().equals(file.current()),
        context.address(),
        context.ca().toString(),
        context.certificate().toString(),
        context.key().toString());
  }
}
