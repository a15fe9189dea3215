package io.quorate.lab;

import java.util.List;

/** What a finished command said. */
public record Ran(List<String> command, int exit, String out, String err) {

  public Ran {
    command = List.copyOf(command);
  }

  public boolean succeeded() {
    return exit == 0;
  }

  /** Standard output without its last line break, or an exception that shows everything. */
  public String orThrow() {
    if (!succeeded()) {
      throw new IllegalStateException(
          "%s ended with %d%n%s%s".formatted(String.join(" ", command), exit, out, err));
    }
    return out.stripTrailing();
  }
}
