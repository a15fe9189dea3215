package io.quorate.coordinator.cli.help;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for fish: commands, their verbs, and the options of each. */
final class FishCompletion {
  private static final String NO_COMMAND = "__fish_use_subcommand";

  private final StringBuilder script = new StringBuilder("complete -c quorate -f\n");

  private FishCompletion() {}

  static String of(CommandLine root) {
    FishCompletion completion = new FishCompletion();
    for (Map.Entry<String, CommandLine> each : root.getSubcommands().entrySet()) {
      completion.command(each.getKey(), each.getValue());
    }
    return completion.script.toString();
  }

  private void command(String name, CommandLine command) {
    candidate(NO_COMMAND, name, summary(command));
    String within = "__fish_seen_subcommand_from " + name;
    options(within, command);
    if (command.getSubcommands().isEmpty()) {
      return;
    }
    String verbs = String.join(" ", command.getSubcommands().keySet());
    for (Map.Entry<String, CommandLine> each : command.getSubcommands().entrySet()) {
      candidate(
          "%s; and not __fish_seen_subcommand_from %s".formatted(within, verbs),
          each.getKey(),
          summary(each.getValue()));
      options(
          "%s; and __fish_seen_subcommand_from %s".formatted(within, each.getKey()),
          each.getValue());
    }
  }

  private void candidate(String condition, String word, String summary) {
    script.append(
        "complete -c quorate -n '%s' -a '%s' -d '%s'%n".formatted(condition, word, summary));
  }

  private void options(String condition, CommandLine command) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      for (String name : option.names()) {
        String kind = name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1);
        script.append(
            "complete -c quorate -n '%s' %s%s -d '%s'%n"
                .formatted(
                    condition,
                    kind,
                    option.arity().max() > 0 ? " -r" : "",
                    quoted(String.join(" ", option.description()))));
      }
    }
  }

  private static String summary(CommandLine command) {
    String description = String.join(" ", command.getCommandSpec().usageMessage().description());
    int end = description.indexOf(';');
    return quoted(end < 0 ? description : description.substring(0, end));
  }

  private static String quoted(String text) {
    return text.replace("'", "\\'");
  }
}
