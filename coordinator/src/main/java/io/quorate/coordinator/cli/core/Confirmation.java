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
    return destructive(warning, new Named("cluster", cluster), given);
  }

  /** What is to be destroyed or given up: a cluster, a host, and its name. */
  public record Named(String kind, String name) {}

  public String destructive(String warning, Named what, Optional<String> given) {
    terminal.err().println(warning);
    String remedy = "add --confirm=" + what.name;
    if (given.isEmpty() && !terminal.connected().in()) {
      throw missing(
          "this destroys, and nobody can be asked for the %s's name here".formatted(what.kind),
          remedy);
    }
    String name = given.orElseGet(() -> ask("Type the %s's name to go on: ".formatted(what.kind)));
    if (!name.equals(what.name)) {
      throw missing(
          "the confirmation does not name the %s %s".formatted(what.kind, what.name), remedy);
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
