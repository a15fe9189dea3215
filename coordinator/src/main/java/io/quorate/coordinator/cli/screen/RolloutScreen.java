package io.quorate.coordinator.cli.screen;

import io.quorate.coordinator.api.v1.RolloutView;
import io.quorate.coordinator.api.v1.codec.Records;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A rollout: how far, what now, what is waited for. */
public final class RolloutScreen {
  private static final int BAR = 12;
  private static final String UNTOUCHED =
      "revision %d is accepted as wanted; nothing was changed on any host";

  private RolloutScreen() {}

  public static void draw(Paper paper, RolloutView rollout) {
    lines(paper, rollout).forEach(paper::line);
  }

  /** One line each, for redrawing in place. */
  public static List<String> lines(Paper paper, RolloutView rollout) {
    List<String> lines = new ArrayList<>();
    lines.add(heading(paper, rollout));
    for (RolloutView.Step step : rollout.steps()) {
      lines.add("  " + step(paper, step, paper.now()));
    }
    rollout.holds().forEach(hold -> lines.add("  " + ErrorScreen.finding(paper, hold)));
    rollout
        .progress()
        .waitingSince()
        .ifPresent(since -> lines.add("  " + waiting(since, paper.now())));
    if (refusedAtOnce(rollout)) {
      lines.add("  " + UNTOUCHED.formatted(rollout.toRevision()));
    }
    String next = next(rollout);
    if (!next.isEmpty()) {
      lines.add(next);
    }
    return lines;
  }

  public static String heading(Paper paper, RolloutView rollout) {
    RolloutView.Progress progress = rollout.progress();
    Duration elapsed = Duration.between(rollout.started(), rollout.ended().orElse(paper.now()));
    String time =
        rollout.ended().isPresent()
            ? "took " + Words.clock(elapsed)
            : Words.clock(elapsed) + " elapsed" + (rollout.state().atRest() ? "" : left(progress));
    String state =
        rollout.state() == RolloutView.State.RUNNING
            ? ""
            : "  " + paper.ink(ink(rollout.state()), rollout.state().name());
    return "%s  rollout %d%s  %s %d/%d  %s"
        .formatted(
            paper.ink(Paper.Ink.BOLD, Paper.clean(rollout.title())),
            rollout.id(),
            state,
            bar(rollout),
            progress.done(),
            progress.planned(),
            time);
  }

  public static void history(Paper paper, List<RolloutView> rollouts) {
    Table table =
        Table.of(">ROLLOUT", "STATE", "WHAT", "REVISION", "STARTED", "TOOK", ">STEPS", "BY");
    for (RolloutView each : rollouts) {
      table
          .cell(Long.toString(each.id()))
          .cell(Records.word(each.state()), ink(each.state()))
          .cell(each.title())
          .cell(each.fromRevision() + "->" + each.toRevision())
          .cell(Words.time(each.started()))
          .cell(
              each.ended()
                  .map(end -> Words.exact(Duration.between(each.started(), end)))
                  .orElse(""))
          .cell(each.progress().done() + "/" + each.progress().planned())
          .cell(each.by())
          .end();
    }
    table.draw(paper);
  }

  /** One step, without colours where the paper has none. */
  public static String step(Paper paper, RolloutView.Step step, Instant now) {
    String word =
        switch (step.state()) {
          case DONE -> paper.ink(Paper.Ink.GOOD, "OK   ");
          case RUNNING -> paper.ink(Paper.Ink.NOTE, "RUN  ");
          case WAITING -> paper.ink(Paper.Ink.FAINT, "WAIT ");
          case FAILED -> paper.ink(Paper.Ink.BAD, "FAIL ");
        };
    String took =
        step.started()
            .map(start -> Words.exact(Duration.between(start, step.ended().orElse(now))))
            .orElse("");
    return "%s %-12s %-52s %s"
        .formatted(word, subject(step), Paper.clean(step.text()), took)
        .stripTrailing();
  }

  /** A name, or how many; the text has the names where they matter. */
  private static String subject(RolloutView.Step step) {
    int names = step.subject().split(",").length;
    return names > 1 ? names + " members" : Paper.clean(step.subject());
  }

  private static String waiting(Instant since, Instant now) {
    return "  since %s (%s)"
        .formatted(
            since.truncatedTo(ChronoUnit.SECONDS), Words.exact(Duration.between(since, now)));
  }

  /** What somebody must do, when the rollout will not go on by itself. */
  public static String next(RolloutView rollout) {
    String cluster = Paper.clean(rollout.cluster());
    return switch (rollout.state()) {
      case PAUSED, FAILED ->
          "go on: quorate rollout resume %s    give up: quorate rollout abort %s"
              .formatted(cluster, cluster);
      case RUNNING, WAITING, DONE, ABORTED -> "";
    };
  }

  /** Where one rests that is not done, for the state of an error. */
  public static String standing(RolloutView rollout) {
    String rests = "rollout %d of %s %s".formatted(rollout.id(), rollout.cluster(), rests(rollout));
    if (!begun(rollout)) {
      return UNTOUCHED.formatted(rollout.toRevision()) + "; " + rests + " before its first step";
    }
    boolean inStep =
        last(rollout).filter(s -> s.state() == RolloutView.StepState.FAILED).isPresent();
    return "%s %s step %d of %d%s"
        .formatted(
            rests,
            inStep ? "in" : "after",
            rollout.progress().done(),
            rollout.progress().planned(),
            rollout.ended().isPresent() && rollout.state() == RolloutView.State.FAILED
                ? "; the cluster goes back to the revision before"
                : "");
  }

  public static String rests(RolloutView rollout) {
    return switch (rollout.state()) {
      case PAUSED -> "is paused";
      case ABORTED -> "is aborted";
      case RUNNING, WAITING, FAILED, DONE -> "failed";
    };
  }

  /** The wish is taken, and nothing can be done about it as things are. */
  public static boolean refusedAtOnce(RolloutView rollout) {
    return rollout.state() == RolloutView.State.FAILED && !begun(rollout);
  }

  private static boolean begun(RolloutView rollout) {
    return last(rollout).isPresent();
  }

  private static Optional<RolloutView.Step> last(RolloutView rollout) {
    return rollout.steps().stream()
        .filter(s -> s.state() != RolloutView.StepState.WAITING)
        .reduce((before, after) -> after);
  }

  private static String left(RolloutView.Progress progress) {
    return progress
        .secondsLeft()
        .map(seconds -> ", about " + Words.clock(Duration.ofSeconds(seconds)) + " left")
        .orElse("");
  }

  private static String bar(RolloutView rollout) {
    RolloutView.Progress progress = rollout.progress();
    int none = rollout.state() == RolloutView.State.DONE ? BAR : 0;
    int full = progress.planned() == 0 ? none : BAR * progress.done() / progress.planned();
    int clamped = Math.max(0, Math.min(BAR, full));
    return "[" + "#".repeat(clamped) + "-".repeat(BAR - clamped) + "]";
  }

  private static Paper.Ink ink(RolloutView.State state) {
    return switch (state) {
      case RUNNING -> Paper.Ink.NOTE;
      case WAITING, PAUSED -> Paper.Ink.CAREFUL;
      case FAILED, ABORTED -> Paper.Ink.BAD;
      case DONE -> Paper.Ink.GOOD;
    };
  }
}
