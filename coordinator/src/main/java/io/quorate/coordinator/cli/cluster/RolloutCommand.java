package io.quorate.coordinator.cli.cluster;

import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.api.v1.RolloutView;
import io.quorate.coordinator.cli.change.WaitOptions;
import io.quorate.coordinator.cli.change.Waiter;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.RolloutScreen;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rollout", description = "Changes under way and past, and the brakes")
public final class RolloutCommand {
  private final Session session;

  public RolloutCommand(Session session) {
    this.session = session;
  }

  @Command(name = "status", description = "The rollout under way, else the last one")
  int status(
      @Parameters(paramLabel = "CLUSTER") String cluster,
      @Option(names = "--watch", description = "stay until it is over") boolean watch,
      @Mixin WaitOptions wait) {
    RolloutView view = session.api().get(path(cluster), RolloutView.class);
    if (watch && !view.state().atRest()) {
      return new Waiter(session, wait).await(cluster, view.id());
    }
    return show(view);
  }

  @Command(name = "pause", description = "Hold it before its next step")
  int pause(
      @Parameters(paramLabel = "CLUSTER") String cluster,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              description = "kept with it and in the audit trail")
          Optional<String> reason) {
    return brake(cluster, "pause", reason);
  }

  @Command(name = "resume", description = "Let a paused or failed one go on")
  int resume(
      @Parameters(paramLabel = "CLUSTER") String cluster,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              description = "kept with it and in the audit trail")
          Optional<String> reason) {
    return brake(cluster, "resume", reason);
  }

  @Command(
      name = "abort",
      description = "End it; what has been done stays done, but for a recovery")
  int abort(
      @Parameters(paramLabel = "CLUSTER") String cluster,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              description = "kept with it and in the audit trail")
          Optional<String> reason,
      @Option(names = "--back", description = "return to the revision that was last reached")
          boolean back) {
    return show(
        session
            .api()
            .post(path(cluster) + "/abort", new Requests.Abort(reason, back), RolloutView.class));
  }

  @Command(name = "history", description = "Past rollouts, newest first")
  int history(
      @Parameters(paramLabel = "CLUSTER") String cluster,
      @Option(names = "-n", paramLabel = "N", defaultValue = "20", description = "at most so many")
          int limit) {
    RolloutView.All all =
        session.api().get(path(cluster) + "s?limit=" + limit, RolloutView.All.class);
    session
        .output()
        .list(
            all,
            all.rollouts(),
            each -> Long.toString(each.id()),
            paper -> RolloutScreen.history(paper, all.rollouts()));
    return ExitCode.DONE.number();
  }

  private int brake(String cluster, String verb, Optional<String> reason) {
    return show(
        session
            .api()
            .post(path(cluster) + "/" + verb, new Requests.Reason(reason), RolloutView.class));
  }

  private int show(RolloutView view) {
    session.output().one(view, Long.toString(view.id()), paper -> RolloutScreen.draw(paper, view));
    return ExitCode.DONE.number();
  }

  private static String path(String cluster) {
    return "/v1/clusters/" + Api.encoded(cluster) + "/rollout";
  }
}
