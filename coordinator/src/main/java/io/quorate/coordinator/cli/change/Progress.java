package io.quorate.coordinator.cli.change;

import io.quorate.coordinator.api.v1.Finding;
import io.quorate.coordinator.api.v1.RolloutView;
import io.quorate.coordinator.api.v1.codec.JsonWriter;
import io.quorate.coordinator.api.v1.codec.Records;
import io.quorate.coordinator.cli.core.Globals;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.core.Terminal;
import io.quorate.coordinator.cli.screen.ErrorScreen;
import io.quorate.coordinator.cli.screen.Paper;
import io.quorate.coordinator.cli.screen.RolloutScreen;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How waiting looks, on stderr. */
abstract class Progress {
  abstract void show(RolloutView view);

  /** The coordinator does not answer at the moment. */
  abstract void absent();

  static Progress of(Session session) {
    Terminal terminal = session.terminal();
    Globals.Progress wanted = session.globals().progress();
    if (wanted == Globals.Progress.AUTO) {
      wanted = terminal.connected().err() ? Globals.Progress.TTY : Globals.Progress.PLAIN;
    }
    return switch (wanted) {
      case TTY -> new Redrawn(session);
      case PLAIN -> new Lines(session);
      case JSON -> new Documents(terminal.err());
      case AUTO, OFF -> new Silent();
    };
  }

  private static Paper paper(Session session) {
    Terminal terminal = session.terminal();
    return new Paper(
        terminal.colours(terminal.connected().err()), false, session.clock().instant());
  }

  /** The screen of the rollout, painted over itself. */
  private static final class Redrawn extends Progress {
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";
    private static final String ERASE_REST = "\u001b[J";

    private final Session session;
    private final PrintStream err;
    private int drawn;

    Redrawn(Session session) {
      this.session = session;
      this.err = session.terminal().err();
    }

    @Override
    void show(RolloutView view) {
      paint(RolloutScreen.lines(paper(session), view));
    }

    @Override
    void absent() {
      paint(List.of("the coordinator does not answer; trying again"));
    }

    private void paint(List<String> lines) {
      StringBuilder text = new StringBuilder(NO_WRAP);
      if (drawn > 0) {
        text.append("\u001b[").append(drawn).append('A');
      }
      text.append('\r').append(ERASE_REST);
      lines.forEach(line -> text.append(line).append('\n'));
      err.print(text.append(WRAP));
      err.flush();
      drawn = lines.size();
    }
  }

  /** One line whenever something begins, ends or has to wait. */
  private static final class Lines extends Progress {
    private final Session session;
    private final Set<String> said = new HashSet<>();

    Lines(Session session) {
      this.session = session;
    }

    @Override
    void show(RolloutView view) {
      Paper paper = paper(session);
      once("rollout", "%s (rollout %d)".formatted(Paper.clean(view.title()), view.id()));
      for (RolloutView.Step step : view.steps()) {
        if (step.state() != RolloutView.StepState.WAITING) {
          once(step.number() + " " + step.state(), RolloutScreen.step(paper, step, paper.now()));
        }
      }
      for (Finding hold : view.holds()) {
        once("hold " + hold.code() + hold.subject(), ErrorScreen.finding(paper, hold));
      }
    }

    @Override
    void absent() {
      once("absent", "the coordinator does not answer; trying again");
    }

    private void once(String key, String line) {
      if (said.add(key)) {
        session.say(line);
      }
    }
  }

  private static final class Documents extends Progress {
    private final PrintStream err;
    private String last = "";

    Documents(PrintStream err) {
      this.err = err;
    }

    @Override
    void show(RolloutView view) {
      String document = JsonWriter.compact(Records.document(view));
      if (!document.equals(last)) {
        err.println(document);
        last = document;
      }
    }

    @Override
    void absent() {}
  }

  private static final class Silent extends Progress {
    @Override
    void show(RolloutView view) {}

    @Override
    void absent() {}
  }
}
