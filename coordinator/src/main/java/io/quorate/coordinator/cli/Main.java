package io.quorate.coordinator.cli;

import io.quorate.coordinator.cli.core.Terminal;
import java.time.InstantSource;

/** The program {@code quorate}. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Terminal terminal = Terminal.system();
    int code = new Cli(terminal, InstantSource.system()).run(arguments);
    terminal.out().flush();
    terminal.err().flush();
    System.exit(code);
  }
}
