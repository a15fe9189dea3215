package io.quorate.coordinator.cli.change;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.v1.CheckReport;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.CheckScreen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    description = "Preflight: named checks for each host, each with what to do; changes nothing")
public final class CheckCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Session session;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "the cluster's file, - for standard input")
  private Optional<String> file = Optional.empty();

  @Parameters(arity = "0..1", paramLabel = "CLUSTER", description = "a cluster as it is")
  private Optional<String> cluster = Optional.empty();

  @Option(
      names = "--op",
      paramLabel = "OP",
      completionCandidates = Operations.class,
      description = "deploy, upgrade or replace")
  private Optional<String> operation = Optional.empty();

  @Option(names = "--ignore", split = ",", paramLabel = "CHECK", description = "skip this check")
  private List<String> ignore = new ArrayList<>();

  static final class Operations extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    Operations() {
      super(List.of("deploy", "upgrade", "replace"));
    }
  }

  public CheckCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (file.isPresent() == cluster.isPresent()) {
      throw Problem.of(Code.Q1404, "give either a file with -f or the name of a cluster")
          .asException();
    }
    if (operation.isPresent() && !new Operations().contains(operation.get())) {
      throw Problem.of(Code.Q1404, "--op must be deploy, upgrade or replace").asException();
    }
    Optional<SpecText> spec = file.map(each -> SpecText.read(each, session.terminal()));
    CheckReport report =
        session
            .api()
            .patient(PATIENCE)
            .ask(
                "/v1/check",
                new Requests.Check(
                    spec.map(SpecText::text), spec.map(SpecText::name), cluster, operation, ignore),
                CheckReport.class);
    session
        .output()
        .list(
            report,
            report.checks(),
            each -> each.host() + " " + each.name() + " " + each.result(),
            paper -> CheckScreen.draw(paper, report));
    return (report.passed() ? ExitCode.DONE : ExitCode.PREFLIGHT).number();
  }
}
