package io.quorate.coordinator.cli.change;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.PlanView;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.Confirmation;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Paper;
import io.quorate.coordinator.cli.screen.PlanScreen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Plans, shows the plan, asks, and applies exactly that plan: what was shown is what happens, or it
 * is refused. Then waits.
 */
@Command(
    name = "apply",
    description = "Make a cluster's file the wanted state, or a plan that was made before")
public final class ApplyCommand implements Callable<Integer> {
  private static final Duration PREFLIGHT_PATIENCE = Duration.ofMinutes(3);

  private final Session session;
  @Mixin private final WaitOptions wait = new WaitOptions();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "the cluster's file, - for standard input")
  private Optional<String> file = Optional.empty();

  @Parameters(arity = "0..1", paramLabel = "PLAN-ID", description = "a plan that was made before")
  private Optional<String> planId = Optional.empty();

  @Option(
      names = {"-y", "--yes"},
      description = "do not ask")
  private boolean yes;

  @Option(
      names = "--ignore",
      split = ",",
      paramLabel = "CHECK",
      description = "skip this preflight check; audited")
  private List<String> ignore = new ArrayList<>();

  @Option(
      names = "--limit",
      split = ",",
      paramLabel = "MEMBER",
      description = "change these members only; the others wait")
  private List<String> limit = new ArrayList<>();

  @Option(
      names = "--accept",
      split = ",",
      paramLabel = "HAZARD",
      description = "accept what a refusal names, such as version.path; kept in the file, audited")
  private List<String> accept = new ArrayList<>();

  public ApplyCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (file.isPresent() == planId.isPresent()) {
      throw Problem.of(Code.Q1404, "give either a file with -f or the id of a plan").asException();
    }
    Optional<String> plan = planId.isPresent() ? planId : planned();
    return plan.isEmpty() ? ExitCode.DONE.number() : apply(plan.get());
  }

  /** Empty when there is nothing to do, or the answer was no. */
  private Optional<String> planned() {
    SpecText spec = SpecText.read(file.orElse("-"), session.terminal());
    PlanView plan =
        session
            .api()
            .post(
                "/v1/plans",
                new Requests.Spec(spec.text(), Optional.of(spec.name()), accept),
                PlanView.class);
    // One without steps may be held up, or lift a limit: then there is something to ask for.
    if (plan.empty() && plan.stops().isEmpty()) {
      Changed nothing =
          new Changed(plan.cluster(), false, plan.basedOnRevision(), Optional.empty());
      session.output().one(nothing, plan.cluster(), paper -> PlanScreen.draw(paper, plan));
      return Optional.empty();
    }
    boolean colours = session.terminal().colours(session.terminal().connected().err());
    Paper paper = new Paper(colours, false, session.clock().instant());
    PlanScreen.changes(paper, plan);
    session.terminal().err().print(paper.text());
    if (!new Confirmation(session.terminal()).ordinary("Apply this plan?", yes)) {
      return Optional.empty();
    }
    return Optional.of(plan.id());
  }

  private int apply(String plan) {
    Changed changed =
        session
            .api()
            .patient(PREFLIGHT_PATIENCE)
            .post(
                "/v1/plans/" + Api.encoded(plan) + "/apply",
                new Requests.ApplyPlan(ignore, limit, accept),
                Changed.class);
    return new Waiter(session, wait).settle(changed);
  }
}
