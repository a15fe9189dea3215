package io.quorate.coordinator.cli.change;

import io.quorate.coordinator.api.v1.PlanView;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.PlanScreen;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "plan",
    description = "Every change and every step in order, before anything happens")
public final class PlanCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "the cluster's file, - for standard input")
  private String file = "";

  @Option(names = "--exit-code", description = "exit with 2 when there is something to change")
  private boolean exitCode;

  @Option(
      names = "--accept",
      split = ",",
      paramLabel = "HAZARD",
      description = "plan as if the file accepted this, such as version.path")
  private List<String> accept = new ArrayList<>();

  public PlanCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    SpecText spec = SpecText.read(file, session.terminal());
    PlanView plan =
        session
            .api()
            .ask(
                "/v1/plans",
                new Requests.Spec(spec.text(), Optional.of(spec.name()), accept),
                PlanView.class);
    session.output().one(plan, plan.id(), paper -> PlanScreen.draw(paper, plan));
    return (exitCode && !plan.empty() ? ExitCode.PENDING : ExitCode.DONE).number();
  }
}
