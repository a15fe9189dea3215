package io.quorate.coordinator.cli.change;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.ErrorView;
import io.quorate.coordinator.api.v1.Finding;
import io.quorate.coordinator.api.v1.RolloutView;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Refused;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.screen.RolloutScreen;
import io.quorate.coordinator.cli.screen.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Waits for a rollout and shows how it goes:
 *
 * <ol>
 *   <li>It asks five times a second, and draws what has changed.
 *   <li>Done is exit code 0; failed, paused and aborted are 1, with the reasons and what to do.
 *   <li>When time is up it says so and leaves with 8; Ctrl-C leaves with 130. Neither touches the
 *       rollout.
 *   <li>A coordinator that is away, as during its own upgrade, is waited for for a minute.
 * </ol>
 */
public final class Waiter {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration ABSENCE = Duration.ofSeconds(60);

  private final Session session;
  private final WaitOptions options;

  public Waiter(Session session, WaitOptions options) {
    this.session = session;
    this.options = options;
  }

  /** To the exit code of the command that made the change. */
  public int settle(Changed changed) {
    if (changed.rollout().isEmpty()) {
      session
          .output()
          .one(
              changed,
              changed.cluster(),
              paper ->
                  paper.line(
                      changed.changed()
                          ? "%s: revision %d".formatted(changed.cluster(), changed.revision())
                          : "Nothing to do: cluster %s is as asked (revision %d)."
                              .formatted(changed.cluster(), changed.revision())));
      return ExitCode.DONE.number();
    }
    long rollout = changed.rollout().get();
    if (!options.waits()) {
      session
          .output()
          .one(
              changed,
              changed.cluster(),
              paper ->
                  paper.line(
                      "rollout %d of %s has begun    see: quorate rollout status %s --watch"
                          .formatted(rollout, changed.cluster(), changed.cluster())));
      return ExitCode.DONE.number();
    }
    return await(changed.cluster(), rollout);
  }

  /** Until the rollout rests. */
  public int await(String cluster, long rollout) {
    Instant started = session.clock().instant();
    Detach detach = Detach.armed(session, cluster, rollout);
    try {
      return end(watch(cluster, rollout, started, Progress.of(session)));
    } finally {
      detach.disarm();
    }
  }

  private RolloutView watch(String cluster, long rollout, Instant started, Progress progress) {
    String path = "/v1/clusters/" + Api.encoded(cluster) + "/rollouts/" + rollout;
    Optional<Instant> away = Optional.empty();
    while (true) {
      try {
        RolloutView view = session.api().get(path, RolloutView.class);
        away = Optional.empty();
        progress.show(view);
        if (view.state().atRest()) {
          return view;
        }
      } catch (QuorateException e) {
        Instant now = session.clock().instant();
        away = away.isPresent() ? away : Optional.of(now);
        if (e.problem().code() != Code.Q1401
            || Duration.between(away.get(), now).compareTo(ABSENCE) > 0) {
          throw e;
        }
        progress.absent();
      }
      outOfTime(cluster, rollout, started);
      pause();
    }
  }

  private void outOfTime(String cluster, long rollout, Instant started) {
    Optional<Duration> timeout = options.timeout();
    Duration waited = Duration.between(started, session.clock().instant());
    if (timeout.isPresent() && waited.compareTo(timeout.get()) >= 0) {
      throw Problem.of(
              Code.Q1403,
              "rollout %d of %s was not over after %s"
                  .formatted(rollout, cluster, Words.exact(timeout.get())))
          .withState("the rollout goes on")
          .withRemedy("quorate rollout status %s --watch".formatted(cluster))
          .withRemedy("quorate rollout pause %s".formatted(cluster))
          .asException();
    }
  }

  private int end(RolloutView view) {
    if (view.state() == RolloutView.State.DONE) {
      session.output().one(view, Long.toString(view.id()), paper -> paper.line(recap(view)));
      return ExitCode.DONE.number();
    }
    throw new Refused(failure(view));
  }

  private static String recap(RolloutView view) {
    String took =
        view.ended()
            .map(end -> " in " + Words.exact(Duration.between(view.started(), end)))
            .orElse("");
    return "%s: rollout %d done, revision %d applied: %s%s"
        .formatted(
            view.cluster(),
            view.id(),
            view.toRevision(),
            Words.count(view.progress().done(), "step", "steps"),
            took);
  }

  private static ErrorView failure(RolloutView view) {
    Optional<Finding> first = view.holds().stream().findFirst();
    String code =
        first
            .map(Finding::code)
            .orElse(
                switch (view.state()) {
                  case PAUSED -> Code.Q3006.name();
                  case ABORTED -> Code.Q3018.name();
                  case RUNNING, WAITING, FAILED, DONE -> Code.Q3304.name();
                });
    String sentence =
        first
            .map(Finding::sentence)
            .or(() -> lastFailure(view))
            .orElse("the rollout " + RolloutScreen.rests(view));
    List<String> causes = view.holds().stream().skip(1).map(Finding::sentence).toList();
    List<String> remedies = new ArrayList<>(first.map(Finding::remedies).orElse(List.of()));
    remedies.add("quorate rollout status " + view.cluster());
    if (view.ended().isEmpty()) {
      remedies.add("quorate rollout resume " + view.cluster());
    }
    if (RolloutScreen.refusedAtOnce(view)) {
      remedies.add("or another wish in its place: quorate apply -f FILE");
    }
    return new ErrorView(code, sentence, causes, RolloutScreen.standing(view), remedies);
  }

  /** Of one that is over: what was wrong stands with the step. */
  private static Optional<String> lastFailure(RolloutView view) {
    return view.steps().reversed().stream()
        .filter(s -> s.state() == RolloutView.StepState.FAILED)
        .map(RolloutView.Step::text)
        .findFirst();
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("nobody interrupts the command line's own thread", e);
    }
  }
}
