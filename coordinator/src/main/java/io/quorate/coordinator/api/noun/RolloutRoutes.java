package io.quorate.coordinator.api.noun;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.Rollouts;
import io.quorate.coordinator.api.route.Answer;
import io.quorate.coordinator.api.route.Route;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.api.v1.RolloutView;
import io.quorate.coordinator.pki.Role;
import java.util.List;

/** Changes under way and past, and the brakes. */
public final class RolloutRoutes {
  private RolloutRoutes() {}

  /** One of the brakes. */
  @FunctionalInterface
  private interface Brake {
    RolloutView pull(String cluster, String reason, Caller by);
  }

  public static List<Route> of(Rollouts rollouts) {
    return List.of(
        Route.get("/v1/clusters/{cluster}/rollout")
            .role(Role.VIEWER)
            .summary("The rollout under way, else the last one")
            .gives(RolloutView.class)
            .answers(
                ask ->
                    Answer.of(
                        rollouts
                            .latest(ask.cluster())
                            .orElseThrow(
                                () ->
                                    Problem.of(
                                            Code.Q1314,
                                            "cluster %s has never had a rollout"
                                                .formatted(ask.cluster()))
                                        .asException()))),
        Route.get("/v1/clusters/{cluster}/rollouts")
            .role(Role.VIEWER)
            .summary("Past rollouts, newest first, without their steps")
            .query("limit", "integer", "at most so many, 20 unless told")
            .gives(RolloutView.All.class)
            .answers(
                ask ->
                    Answer.of(
                        new RolloutView.All(
                            rollouts.history(
                                ask.cluster(), (int) ask.number("limit", 20, 1, 1000))))),
        Route.get("/v1/clusters/{cluster}/rollouts/{number}")
            .role(Role.VIEWER)
            .summary("One rollout with its steps")
            .gives(RolloutView.class)
            .answers(ask -> Answer.of(rollouts.rollout(ask.cluster(), ask.number()))),
        brake("pause", "Hold a rollout before its next step", rollouts::pause),
        brake("resume", "Let a paused or failed rollout go on", rollouts::resume),
        Route.post("/v1/clusters/{cluster}/rollout/abort")
            .role(Role.OPERATOR)
            .audited("rollout abort")
            .summary("End a rollout; what has been done stays, or is taken back as a new rollout")
            .takes(Requests.Abort.class)
            .gives(RolloutView.class)
            .answers(
                ask -> {
                  Requests.Abort request = ask.body(Requests.Abort.class);
                  return told(
                      rollouts.abort(
                          ask.cluster(),
                          request.reason().orElse(""),
                          request.back(),
                          ask.caller()));
                }));
  }

  private static Route brake(String verb, String summary, Brake brake) {
    return Route.post("/v1/clusters/{cluster}/rollout/" + verb)
        .role(Role.OPERATOR)
        .audited("rollout " + verb)
        .summary(summary)
        .takes(Requests.Reason.class)
        .gives(RolloutView.class)
        .answers(
            ask -> {
              String reason = ask.body(Requests.Reason.class).reason().orElse("");
              return told(brake.pull(ask.cluster(), reason, ask.caller()));
            });
  }

  private static Answer told(RolloutView view) {
    return Answer.of(view, "rollout " + view.id());
  }
}
