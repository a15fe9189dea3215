package io.quorate.coordinator.cli.change;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.PlanView;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.cli.backup.SnapshotUpload;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.Confirmation;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.Paper;
import io.quorate.coordinator.cli.screen.PlanScreen;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.spec.SpecFile;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Option(
      names = "--seed",
      paramLabel = "SNAPSHOT",
      description =
          "a new cluster begins with this snapshot: a file, or the id of one that is held")
  private Optional<String> seed = Optional.empty();

  @Option(
      names = "--skip-hash-check",
      description = "the seed's file is a copy of a db file, without a hash")
  private boolean skipHashCheck;

  public ApplyCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (seed.isPresent() && (file.isEmpty() || file.get().equals("-"))) {
      throw Problem.of(Code.Q1404, "--seed goes with a file: -f FILE").asException();
    }
    if (file.isPresent() == planId.isPresent()) {
      throw Problem.of(Code.Q1404, "give either a file with -f or the id of a plan").asException();
    }
    Optional<String> plan = planId.isPresent() ? planId : planned();
    return plan.isEmpty()
        ? ExitCode.DONE.number()
        : apply(plan.get(), seed.map(this::heldByCoordinator));
  }

  /** The id under which the coordinator has the seed. */
  private String heldByCoordinator(String given) {
    Path path = Path.of(given);
    if (Files.isDirectory(path)) {
      throw Problem.of(Code.Q1404, "%s is a directory".formatted(given))
          .withCause("a data directory is read on a host, by etcd itself, its log included")
          .withRemedy(
              "quorate snapshot add CLUSTER --host HOST --data DIR, then --seed with its id")
          .asException();
    }
    if (!Files.exists(path)) {
      return given;
    }
    SpecText spec = SpecText.read(file.orElse("-"), session.terminal());
    ClusterSpec wanted = SpecFile.require(spec.text(), spec.name());
    return SnapshotUpload.send(
            session,
            wanted.cluster().value(),
            path,
            Optional.of(wanted.version().toString()),
            skipHashCheck)
        .id();
  }

  /** Empty when there is nothing to do, or the answer was no. */
  private Optional<String> planned() {
    SpecText spec = SpecText.read(file.orElse("-"), session.terminal());
    PlanView plan =
        session
            .api()
            .ask(
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

  private int apply(String plan, Optional<String> seedId) {
    Changed changed =
        session
            .api()
            .patient(PREFLIGHT_PATIENCE)
            .post(
                "/v1/plans/" + Api.encoded(plan) + "/apply",
                new Requests.ApplyPlan(ignore, limit, accept, seedId),
                Changed.class);
    return new Waiter(session, wait).settle(changed);
  }
}
