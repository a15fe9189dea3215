package io.quorate.coordinator.cli;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.api.v1.ErrorView;
import io.quorate.coordinator.api.v1.codec.JsonWriter;
import io.quorate.coordinator.api.v1.codec.Records;
import io.quorate.coordinator.cli.core.Durations;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Globals;
import io.quorate.coordinator.cli.core.Refused;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.core.Terminal;
import io.quorate.coordinator.cli.screen.ErrorScreen;
import io.quorate.coordinator.cli.screen.Paper;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Runs one command line from its words to its exit code. Only the command that is named is made,
 * because start-up is most of what a short command costs.
 */
public final class Cli {
  private final Terminal terminal;
  private final InstantSource clock;

  public Cli(Terminal terminal, InstantSource clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  public int run(String... arguments) {
    Root root = new Root();
    try (Session session = new Session(terminal, root.globals(), clock)) {
      CommandLine line = line(root, session, only(arguments));
      // Without a command it is a question for help, and not answered with success.
      if (arguments.length == 0) {
        line.usage(terminal.err());
        return ExitCode.USAGE.number();
      }
      return line.execute(arguments);
    }
  }

  /** The whole tree, for completion and for the reference. */
  public static CommandLine tree(Terminal terminal, InstantSource clock) {
    Root root = new Root();
    Session session = new Session(terminal, root.globals(), clock);
    return new Cli(terminal, clock).line(root, session, Optional.empty());
  }

  /** The one command that the words name; empty when help, completion or a mistake needs all. */
  private static Optional<String> only(String[] arguments) {
    return Arrays.stream(arguments)
        .filter(word -> !word.startsWith("-"))
        .findFirst()
        .filter(Commands.all()::containsKey)
        .filter(command -> !command.equals("completion"));
  }

  private CommandLine line(Root root, Session session, Optional<String> only) {
    CommandLine line = new CommandLine(root);
    for (Map.Entry<String, Function<Session, Object>> each : Commands.all().entrySet()) {
      if (only.isEmpty() || only.get().equals(each.getKey())) {
        line.addSubcommand(each.getKey(), each.getValue().apply(session));
      }
    }
    boolean colours = terminal.colours(terminal.connected().err());
    line.registerConverter(Duration.class, Durations::parse)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(100)
        .setColorScheme(CommandLine.Help.defaultColorScheme(colours ? Ansi.ON : Ansi.OFF))
        .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler((mistake, words) -> misused(session, mistake))
        .setExecutionExceptionHandler((failure, where, parsed) -> failed(root, session, failure));
    line.getCommandSpec().versionProvider(() -> new String[] {"quorate " + version()});
    line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
    return line;
  }

  private int misused(Session session, CommandLine.ParameterException mistake) {
    CommandSpec command = mistake.getCommandLine().getCommandSpec();
    Problem problem = Problem.of(Code.Q1404, sentence(mistake, command));
    if (mistake instanceof CommandLine.UnmatchedArgumentException unmatched) {
      List<String> alike = unmatched.getSuggestions();
      problem = alike.isEmpty() ? problem : problem.withCause("alike: " + String.join(", ", alike));
    }
    ErrorView error = ErrorView.of(problem.withRemedy(command.qualifiedName(" ") + " --help"));
    draw(session.standing(error));
    return ExitCode.USAGE.number();
  }

  private static String sentence(CommandLine.ParameterException mistake, CommandSpec command) {
    if (mistake instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().getFirst();
      String kind =
          word.startsWith("-")
              ? "option"
              : command.subcommands().isEmpty() ? "argument" : "command";
      return "%s has no %s '%s'".formatted(command.qualifiedName(" "), kind, word);
    }
    String said = String.valueOf(mistake.getMessage());
    return said.isEmpty() ? said : Character.toLowerCase(said.charAt(0)) + said.substring(1);
  }

  private int failed(Root root, Session session, Exception failure) {
    ErrorView told =
        switch (failure) {
          case Refused refused -> refused.error();
          case QuorateException refused -> ErrorView.of(refused.problem());
          default -> unexpected(failure);
        };
    ErrorView error = session.standing(told);
    terminal.out().flush();
    if (json(root.globals())) {
      terminal.err().println(JsonWriter.indented(Records.document(error)));
    } else {
      draw(error);
    }
    return ExitCode.of(error.code()).number();
  }

  private ErrorView unexpected(Exception failure) {
    if (terminal.variable("QUORATE_DEBUG").isPresent()) {
      failure.printStackTrace(terminal.err());
    }
    return ErrorView.of(
        Problem.of(Code.Q1308, "the command line has a fault")
            .withCause(failure.toString())
            .withRemedy("run it again with QUORATE_DEBUG=1 and report what it prints"));
  }

  private static boolean json(Globals globals) {
    try {
      return globals.format() == Globals.Format.JSON || globals.format() == Globals.Format.JSONL;
    } catch (QuorateException e) {
      // The format itself is what was wrong.
      return false;
    }
  }

  private void draw(ErrorView error) {
    Paper paper = new Paper(terminal.colours(terminal.connected().err()), false, clock.instant());
    ErrorScreen.draw(paper, error);
    terminal.err().print(paper.text());
    terminal.err().flush();
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode each : ExitCode.values()) {
      codes.put("%3d".formatted(each.number()), each.meaning());
    }
    return codes;
  }

  private static String version() {
    return Optional.ofNullable(Cli.class.getPackage().getImplementationVersion())
        .orElse("(built from a checkout)");
  }
}
