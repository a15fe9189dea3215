package io.quorate.coordinator.desk;

import io.quorate.coordinator.api.v1.Finding;
import io.quorate.coordinator.api.v1.PlanView;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Effects;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Preview;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.rollout.Steps;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The preview in words and numbers. */
final class PlanViews {
  /** Rough times for the estimate, as measured in the lab; people want minutes, not digits. */
  private static final Duration RESTART = Duration.ofSeconds(2);

  private static final Duration OTHER_STEP = Duration.ofSeconds(1);

  private PlanViews() {}

  static PlanView of(
      String id,
      Optional<Cluster> before,
      ClusterSpec wanted,
      Intent intent,
      ClusterView view,
      Instant now) {
    Preview preview = Preview.of(wanted, view);
    List<PlanView.Step> steps = new ArrayList<>();
    ClusterView walked = view;
    for (Step step : preview.steps()) {
      if (!(step instanceof Step.Note)) {
        Optional<String> noReturn = NoReturn.after(walked, step);
        steps.add(
            new PlanView.Step(
                steps.size() + 1,
                step.getClass().getSimpleName(),
                Steps.subject(step),
                Steps.label(step) + noReturn.map(" (%s)"::formatted).orElse(""),
                step.describe() + noReturn.map("; "::concat).orElse("")));
      }
      walked = Effects.apply(walked, step);
    }
    List<PlanView.Change> changes = SpecChanges.between(before.map(Cluster::spec), wanted);
    return new PlanView(
        id,
        wanted.cluster().value(),
        before.isEmpty(),
        before.map(c -> c.intent().revision()).orElse(0L),
        StatusViews.quorum(new Situation(wanted, view)),
        changes,
        steps,
        gates(wanted),
        totals(changes, preview, wanted),
        stops(preview.end()),
        now);
  }

  private static List<String> gates(ClusterSpec wanted) {
    ClusterSpec.Gates gates = wanted.rollout().gates();
    return List.of(
        "in sync (lag <=%d)".formatted(gates.maximumLag()),
        "fsync p99 <=%d ms".formatted(gates.maximumFsyncP99().toMillis()),
        "one member down at most",
        "soak %d s".formatted(wanted.rollout().soak().toSeconds()));
  }

  static boolean restarts(Step step) {
    return step instanceof Step.Configure c
        && (c.purpose() == Step.Purpose.RESTART || c.purpose() == Step.Purpose.START);
  }

  static Duration estimate(Step step, ClusterSpec wanted) {
    return restarts(step) ? RESTART.plus(wanted.rollout().soak()) : OTHER_STEP;
  }

  private static PlanView.Totals totals(
      List<PlanView.Change> changes, Preview preview, ClusterSpec wanted) {
    int restarts = (int) preview.steps().stream().filter(PlanViews::restarts).count();
    int moves = (int) preview.steps().stream().filter(s -> s instanceof Step.MoveLeader).count();
    Duration all =
        preview.steps().stream()
            .map(s -> estimate(s, wanted))
            .reduce(Duration.ZERO, Duration::plus);
    return new PlanView.Totals(
        count(changes, PlanView.Kind.CHANGE),
        count(changes, PlanView.Kind.ADD),
        count(changes, PlanView.Kind.REMOVE),
        restarts,
        moves,
        all.toSeconds());
  }

  private static int count(List<PlanView.Change> changes, PlanView.Kind kind) {
    return (int) changes.stream().filter(c -> c.kind() == kind).count();
  }

  private static List<Finding> stops(Decision end) {
    return switch (end) {
      case Decision.Done done -> List.of();
      case Decision.Act act -> List.of();
      case Decision.Wait wait ->
          wait.holds().stream().map(h -> StatusViews.finding(h, "")).toList();
      case Decision.Refuse refuse ->
          refuse.reasons().stream().map(h -> StatusViews.finding(h, "")).toList();
    };
  }
}
