package io.quorate.coordinator.cli.core;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import java.io.IOException;
import java.util.Optional;

/**
 * Asks before something is changed. An ordinary change takes yes, or -y; a destruction takes the
 * cluster's name, typed or in --confirm. Where nobody can be asked, nothing is changed.
 */
public final class Confirmation {
  private final Terminal terminal;

  public Confirmation(Terminal terminal) {
    this.terminal = terminal;
  }

  /** False when the answer was no. */
  public boolean ordinary(String question, boolean yes) {
    if (yes) {
      return true;
    }
    if (!terminal.connected().in()) {
      throw missing("this needs a yes, and nobody can be asked here", "add -y");
    }
    String answer = ask(question + " [y/N] ");
    if (answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes")) {
      return true;
    }
    terminal.err().println("Nothing was changed.");
    return false;
  }

  /** The name that was given, which is the cluster's. */
  public String destructive(String warning, String cluster, Optional<String> given) {
    terminal.err().println(warning);
    if (given.isEmpty() && !terminal.connected().in()) {
      throw missing(
          "this destroys, and nobody can be asked for the cluster's name here",
          "add --confirm=" + cluster);
    }
    String name = given.orElseGet(() -> ask("Type the cluster's name to go on: "));
    if (!name.equals(cluster)) {
      throw missing(
          "the confirmation does not name the cluster " + cluster, "add --confirm=" + cluster);
    }
    return name;
  }

  private String ask(String question) {
    terminal.err().print(question);
    terminal.err().flush();
    try {
      String answer = terminal.in().readLine();
      return answer == null ? "" : answer.strip();
    } catch (IOException e) {
      throw new QuorateException(Problem.of(Code.Q1312, "no answer could be read"), e);
    }
  }

  private static QuorateException missing(String sentence, String remedy) {
    return Problem.of(Code.Q1312, sentence)
        .withState("nothing was changed")
        .withRemedy(remedy)
        .asException();
  }
}
