package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.Rollouts;
import io.quorate.coordinator.api.v1.Finding;
import io.quorate.coordinator.api.v1.RolloutView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Preview;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.rollout.ClusterWorker.Latest;
import io.quorate.coordinator.rollout.Steps;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Journal.Rollout;
import io.quorate.coordinator.store.Journal.StepEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is being changed, what it waits for, and the brakes. */
public final class RolloutDesk implements Rollouts {
  private final Office office;
  private final Applying applying;

  public RolloutDesk(Office office, Applying applying) {
    this.office = office;
    this.applying = applying;
  }

  @Override
  public Optional<RolloutView> latest(String cluster) {
    Cluster found = office.cluster(cluster);
    return office.store().journal().rollouts(found.name(), 1).stream()
        .findFirst()
        .map(r -> whole(found, r));
  }

  @Override
  public RolloutView rollout(String cluster, long id) {
    io.quorate.common.model.ClusterName name = io.quorate.common.model.ClusterName.of(cluster);
    Rollout rollout =
        office.store().journal().rollouts(name, Integer.MAX_VALUE).stream()
            .filter(r -> r.id() == id)
            .findFirst()
            .orElseThrow(
                () ->
                    Problem.of(Code.Q1314, "%s has no rollout %d".formatted(cluster, id))
                        .withRemedy("quorate rollout history " + cluster)
                        .asException());
    return office
        .store()
        .clusters()
        .find(name)
        .map(c -> whole(c, rollout))
        .orElseGet(() -> past(rollout, steps(rollout)));
  }

  @Override
  public List<RolloutView> history(String cluster, int limit) {
    return office
        .store()
        .journal()
        .rollouts(io.quorate.common.model.ClusterName.of(cluster), limit)
        .stream()
        .map(r -> summary(past(r, steps(r))))
        .toList();
  }

  @Override
  public RolloutView pause(String cluster, String reason, Caller by) {
    applying.pause(underWay(cluster), by, reason);
    return latest(cluster).orElseThrow();
  }

  @Override
  public RolloutView resume(String cluster, String reason, Caller by) {
    applying.resume(underWay(cluster), by, reason);
    return latest(cluster).orElseThrow();
  }

  @Override
  public RolloutView abort(String cluster, String reason, boolean back, Caller by) {
    applying.abort(underWay(cluster), by, reason, back);
    return latest(cluster).orElseThrow();
  }

  private Cluster underWay(String cluster) {
    Cluster found = office.cluster(cluster);
    boolean any =
        office.store().journal().open(found.name()).isPresent()
            || found.applied() != found.intent().revision();
    if (!any) {
      throw Problem.of(Code.Q1306, "no rollout of %s is under way".formatted(cluster))
          .withRemedy("quorate rollout history " + cluster)
          .asException();
    }
    return found;
  }

  private RolloutView whole(Cluster cluster, Rollout rollout) {
    List<RolloutView.Step> steps = steps(rollout);
    boolean open = rollout.ended().isEmpty();
    if (!open) {
      return past(rollout, steps);
    }
    Latest latest = office.latest(cluster);
    List<RolloutView.Step> all = new ArrayList<>(steps);
    List<Step> ahead = new ArrayList<>();
    for (Step step : Preview.ahead(cluster.spec(), latest.view(), latest.underWay()).steps()) {
      boolean running =
          steps.stream()
              .anyMatch(
                  s ->
                      s.state() == RolloutView.StepState.RUNNING
                          && s.text().equals(step.describe()));
      if (!running && !(step instanceof Step.Note)) {
        ahead.add(step);
        all.add(
            new RolloutView.Step(
                all.size() + 1,
                step.getClass().getSimpleName(),
                Steps.subject(step),
                RolloutView.StepState.WAITING,
                step.describe(),
                Optional.empty(),
                Optional.empty()));
      }
    }
    int done = (int) steps.stream().filter(s -> s.ended().isPresent()).count();
    boolean outdated =
        !latest.cluster().intent().control().equals(cluster.intent().control())
            || !latest.cluster().intent().failure().equals(cluster.intent().failure());
    return view(
        rollout,
        outdated ? told(cluster, rollout) : state(rollout, latest.decision()),
        new RolloutView.Progress(
            done,
            steps.size() + ahead.size(),
            secondsLeft(steps, ahead, cluster),
            outdated ? Optional.empty() : waitingSince(latest)),
        all,
        outdated ? List.of() : holds(latest.decision()));
  }

  /** What somebody has just ordered, before the worker's next turn. */
  private static RolloutView.State told(Cluster cluster, Rollout rollout) {
    return switch (cluster.intent().control().mode()) {
      case PAUSED -> RolloutView.State.PAUSED;
      case ABORTED -> RolloutView.State.ABORTED;
      case RUNNING, DELETING ->
          rollout.ended().isPresent()
              ? state(rollout, new Decision.Done())
              : RolloutView.State.RUNNING;
    };
  }

  private static RolloutView summary(RolloutView whole) {
    return new RolloutView(
        whole.id(),
        whole.cluster(),
        whole.title(),
        whole.fromRevision(),
        whole.toRevision(),
        whole.state(),
        whole.started(),
        whole.ended(),
        whole.by(),
        whole.progress(),
        List.of(),
        whole.holds());
  }

  /** As in the plan, but by what steps of the kind have really taken as soon as one is done. */
  private static Optional<Long> secondsLeft(
      List<RolloutView.Step> steps, List<Step> ahead, Cluster cluster) {
    if (ahead.isEmpty()) {
      return Optional.empty();
    }
    long millis = 0;
    for (Step step : ahead) {
      String kind = step.getClass().getSimpleName();
      Duration usual = PlanViews.estimate(step, cluster.spec());
      millis +=
          (long)
              steps.stream()
                  .filter(s -> s.kind().equals(kind) && !s.subject().contains(","))
                  .filter(s -> s.started().isPresent() && s.ended().isPresent())
                  .mapToLong(s -> Duration.between(s.started().get(), s.ended().get()).toMillis())
                  .average()
                  .orElse((double) usual.toMillis());
    }
    return Optional.of(millis / 1000);
  }

  private static RolloutView.State state(Rollout rollout, Decision decision) {
    return switch (rollout.state()) {
      case RUNNING ->
          decision instanceof Decision.Wait ? RolloutView.State.WAITING : RolloutView.State.RUNNING;
      case PAUSED -> RolloutView.State.PAUSED;
      case DONE -> RolloutView.State.DONE;
      case FAILED -> RolloutView.State.FAILED;
      case ABORTED -> RolloutView.State.ABORTED;
    };
  }

  private static List<Finding> holds(Decision decision) {
    return switch (decision) {
      case Decision.Wait wait ->
          wait.holds().stream().map(h -> StatusViews.finding(h, "")).toList();
      case Decision.Refuse refuse ->
          refuse.reasons().stream().map(h -> StatusViews.finding(h, "")).toList();
      case Decision.Act act -> List.of();
      case Decision.Done done -> List.of();
    };
  }

  private static Optional<Instant> waitingSince(Latest latest) {
    return holds(latest.decision()).isEmpty() ? Optional.empty() : Optional.of(latest.since());
  }

  private static RolloutView past(Rollout rollout, List<RolloutView.Step> steps) {
    return view(
        rollout,
        state(rollout, new Decision.Done()),
        new RolloutView.Progress(steps.size(), steps.size(), Optional.empty(), Optional.empty()),
        steps,
        List.of());
  }

  private static RolloutView view(
      Rollout rollout,
      RolloutView.State state,
      RolloutView.Progress progress,
      List<RolloutView.Step> steps,
      List<Finding> holds) {
    return new RolloutView(
        rollout.id(),
        rollout.cluster().value(),
        rollout.title(),
        rollout.fromRevision(),
        rollout.toRevision(),
        state,
        rollout.started(),
        rollout.ended(),
        rollout.by(),
        progress,
        steps,
        holds);
  }

  private List<RolloutView.Step> steps(Rollout rollout) {
    return office.store().journal().steps(rollout.id()).stream().map(RolloutDesk::step).toList();
  }

  private static RolloutView.Step step(StepEntry entry) {
    return new RolloutView.Step(
        entry.number(),
        entry.kind(),
        entry.subject(),
        switch (entry.state()) {
          case RUNNING -> RolloutView.StepState.RUNNING;
          case DONE -> RolloutView.StepState.DONE;
          case FAILED -> RolloutView.StepState.FAILED;
        },
        words(entry),
        Optional.of(entry.started()),
        entry.ended());
  }

  private static String words(StepEntry entry) {
    if (entry.outcome().isEmpty()) {
      return entry.text();
    }
    return switch (entry.state()) {
      case DONE -> entry.outcome();
      case RUNNING, FAILED -> entry.text() + ": " + entry.outcome();
    };
  }
}
