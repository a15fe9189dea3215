package io.quorate.coordinator.cli;

import io.quorate.coordinator.api.FakeControl;
import io.quorate.coordinator.api.Samples;
import io.quorate.coordinator.api.TestCoordinator;
import io.quorate.coordinator.cli.core.Terminal;
import io.quorate.coordinator.pki.Role;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Runs command lines as a person would and writes down what he would see. */
final class CommandLineFixture implements AutoCloseable {
  private final Path folder;
  private final TestCoordinator coordinator;
  private final StringBuilder transcript = new StringBuilder();
  private final Map<String, String> environment = new HashMap<>();
  private Role role = Role.ADMIN;
  private InstantSource clock = () -> Samples.NOW;
  private String typed = "";

  CommandLineFixture(Path folder) {
    this.folder = folder;
    this.coordinator = new TestCoordinator(folder, () -> Samples.NOW);
  }

  FakeControl control() {
    return coordinator.control();
  }

  TestCoordinator coordinator() {
    return coordinator;
  }

  CommandLineFixture as(Role other) {
    role = other;
    return this;
  }

  CommandLineFixture at(InstantSource other) {
    clock = other;
    return this;
  }

  CommandLineFixture with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** From now on standard input is a terminal on which this is typed at each question. */
  CommandLineFixture types(String text) {
    typed = text;
    return this;
  }

  int run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Map<String, String> variables = new HashMap<>(coordinator.environment(role));
    variables.put("HOME", folder.toString());
    variables.putAll(environment);
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new BufferedReader(new StringReader(typed)),
            new Terminal.Connected(!typed.isEmpty(), false, false),
            variables);
    int code = new Cli(terminal, clock).run(words);
    transcript.append("$ quorate ").append(settled(String.join(" ", words))).append('\n');
    transcript.append(settled(out.toString(StandardCharsets.UTF_8)));
    settled(err.toString(StandardCharsets.UTF_8))
        .lines()
        .forEach(line -> transcript.append("2> ").append(line).append('\n'));
    transcript.append("exit ").append(code).append("\n\n");
    return code;
  }

  /** Everything so far; standard error has a mark at each line. */
  String transcript() {
    return transcript.toString();
  }

  /** What is different at each run gets a name. */
  private String settled(String text) {
    return text.replace(folder.toString(), "DIR")
        .replace("127.0.0.1:" + coordinator.port(), "COORDINATOR")
        .replace("\u001b", "<ESC>")
        .replace("\r", "<CR>");
  }

  @Override
  public void close() {
    coordinator.close();
  }
}
