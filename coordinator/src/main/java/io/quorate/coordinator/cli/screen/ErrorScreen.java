package io.quorate.coordinator.cli.screen;

import io.quorate.coordinator.api.v1.ErrorView;
import io.quorate.coordinator.api.v1.Finding;
import java.util.List;

/** A refusal: code, one sentence, causes, state, remedies as commands to paste. */
public final class ErrorScreen {
  private ErrorScreen() {}

  public static void draw(Paper paper, ErrorView error) {
    paper.line(
        paper.ink(Paper.Ink.BAD, "ERROR " + Paper.clean(error.code()))
            + ": "
            + Paper.clean(error.sentence()));
    String label = "  caused by: ";
    for (String cause : error.causes()) {
      paper.line(label + Paper.clean(cause));
      label = "             ";
    }
    if (!error.state().isEmpty()) {
      paper.line("  state:     " + Paper.clean(error.state()));
    }
    remedies(paper, error.remedies());
    paper.line(
        paper.ink(Paper.Ink.FAINT, "  more:      quorate explain " + Paper.clean(error.code())));
  }

  private static void remedies(Paper paper, List<String> remedies) {
    String label = "  remedy:    ";
    int number = 1;
    for (String remedy : remedies) {
      String count = remedies.size() > 1 ? number++ + ". " : "";
      paper.line(label + count + Paper.clean(remedy));
      label = "             ";
    }
  }

  /** A warning or a wait on one line, its remedy at the end. */
  public static String finding(Paper paper, Finding finding) {
    StringBuilder line = new StringBuilder();
    line.append(paper.ink(Paper.Ink.CAREFUL, "! " + Paper.clean(finding.code())));
    String sentence = Paper.clean(finding.sentence());
    String subject = Paper.clean(finding.subject());
    if (!subject.isEmpty() && !sentence.contains(subject)) {
      line.append(' ').append(subject).append(':');
    }
    line.append(' ').append(sentence);
    if (!finding.remedies().isEmpty()) {
      line.append("      fix: ").append(Paper.clean(finding.remedies().getFirst()));
    }
    return line.toString();
  }
}
