package io.quorate.coordinator.cli.core;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the command line lives: its streams, what they are connected to, its environment. Passed
 * around, so that tests are the same as a terminal.
 */
public record Terminal(
    PrintStream out,
    PrintStream err,
    BufferedReader in,
    Connected connected,
    Map<String, String> environment) {

  /** Which of the streams are terminals. */
  public record Connected(boolean in, boolean out, boolean err) {}

  public static Terminal system() {
    return new Terminal(
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
        new Connected(isTerminal(0), isTerminal(1), isTerminal(2)),
        System.getenv());
  }

  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** Colours on a stream: never against NO_COLOR, always with CLICOLOR_FORCE, else on terminals. */
  public boolean colours(boolean terminal) {
    if (variable("NO_COLOR").isPresent()) {
      return false;
    }
    if (variable("CLICOLOR_FORCE").filter(value -> !value.equals("0")).isPresent()) {
      return true;
    }
    return terminal && !variable("TERM").orElse("").equals("dumb");
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      // Not Linux, or closed: a stream of which nothing is known gets what a file gets.
      return false;
    }
  }
}
