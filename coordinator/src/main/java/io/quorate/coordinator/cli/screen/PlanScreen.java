package io.quorate.coordinator.cli.screen;

import io.quorate.coordinator.api.v1.PlanView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Every change and the order of the steps, before anything happens. */
public final class PlanScreen {
  private PlanScreen() {}

  public static void draw(Paper paper, PlanView plan) {
    changes(paper, plan);
    if (!plan.empty()) {
      paper.line(
          "Apply exactly this:  quorate apply %s        (refused if the revision is no longer %d)"
              .formatted(Paper.clean(plan.id()), plan.basedOnRevision()));
    }
  }

  /** The plan without how to apply it, for where that is about to happen. */
  public static void changes(Paper paper, PlanView plan) {
    String cluster = Paper.clean(plan.cluster());
    if (plan.empty()) {
      paper.line(
          "Nothing to do: cluster %s is as the file says (revision %d)."
              .formatted(cluster, plan.basedOnRevision()));
      return;
    }
    paper.line(heading(paper, plan, cluster));
    for (PlanView.Change change : plan.changes()) {
      paper.line("  " + change(paper, change));
    }
    if (!plan.steps().isEmpty()) {
      paper.line("Order: " + order(plan));
    }
    if (paper.wide()) {
      plan.steps()
          .forEach(
              step -> paper.line("  %3d. %s".formatted(step.number(), Paper.clean(step.text()))));
    }
    if (!plan.gates().isEmpty()) {
      paper.line("Gates: " + Paper.clean(String.join(", ", plan.gates())));
    }
    plan.stops().forEach(stop -> paper.line(ErrorScreen.finding(paper, stop)));
    paper.line(totals(plan.totals()));
  }

  private static String heading(Paper paper, PlanView plan, String cluster) {
    String head =
        plan.creates()
            ? "Plan %s for the new cluster %s".formatted(Paper.clean(plan.id()), cluster)
            : "Plan %s for cluster %s, based on revision %d"
                .formatted(Paper.clean(plan.id()), cluster, plan.basedOnRevision());
    String quorum =
        plan.creates()
            ? ""
            : "       quorum %d/%d, can lose %d"
                .formatted(
                    plan.quorum().healthy(), plan.quorum().voters(), plan.quorum().canLose());
    return paper.ink(Paper.Ink.BOLD, head) + quorum;
  }

  private static String change(Paper paper, PlanView.Change change) {
    String sign =
        switch (change.kind()) {
          case ADD -> paper.ink(Paper.Ink.GOOD, "+");
          case CHANGE -> paper.ink(Paper.Ink.CAREFUL, "~");
          case REMOVE -> paper.ink(Paper.Ink.BAD, "-");
        };
    StringBuilder line = new StringBuilder(sign).append(' ');
    line.append("%-14s ".formatted(Paper.clean(change.subject())));
    line.append(Paper.clean(change.what()));
    if (change.kind() == PlanView.Kind.CHANGE
        && !(change.from().isEmpty() && change.to().isEmpty())) {
      line.append("  ").append(Paper.clean(change.from().isEmpty() ? "(none)" : change.from()));
      line.append(" -> ").append(Paper.clean(change.to().isEmpty() ? "(none)" : change.to()));
    } else if (!change.from().isEmpty() || !change.to().isEmpty()) {
      line.append("  ").append(Paper.clean(change.from() + change.to()));
    }
    if (!change.effect().isEmpty()) {
      line.append("   (").append(Paper.clean(change.effect())).append(')');
    }
    return line.toString();
  }

  private static String order(PlanView plan) {
    return plan.steps().stream()
        .map(step -> Paper.clean(step.label()))
        .collect(Collectors.joining(" > "));
  }

  private static String totals(PlanView.Totals totals) {
    List<String> counts = new ArrayList<>();
    count(counts, totals.changed(), "changed");
    count(counts, totals.added(), "added");
    count(counts, totals.removed(), "removed");
    List<String> costs = new ArrayList<>();
    if (totals.restarts() > 0) {
      costs.add(Words.count(totals.restarts(), "restart", "restarts"));
    }
    if (totals.leaderMoves() > 0) {
      costs.add(Words.count(totals.leaderMoves(), "leader move", "leader moves"));
    }
    String first = counts.isEmpty() ? "0 changed" : String.join(", ", counts);
    String second = costs.isEmpty() ? "No restarts" : String.join(", ", costs);
    return "%s. %s. About %s."
        .formatted(first, second, Words.exact(Duration.ofSeconds(totals.estimatedSeconds())));
  }

  private static void count(List<String> counts, int number, String what) {
    if (number > 0) {
      counts.add(number + " " + what);
    }
  }
}
