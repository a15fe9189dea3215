package io.quorate.coordinator.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.common.error.Code;
import io.quorate.coordinator.cli.core.ExitCode;
import io.quorate.coordinator.cli.core.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The pages of docs/reference that are made from the command line itself. */
class ReferenceTest {
  private static final String MADE =
      "<!-- Made from the code; a test compares. Change the code, then accept. -->\n";

  @Test
  void theCommandLine() {
    StringBuilder page = new StringBuilder("# The command line\n").append(MADE);
    page.append(
        """
        `quorate` is for people and scripts alike: data on standard output, progress and messages \
        on standard error. Exit codes are on [a page of their own](exit-codes.md), codes of errors \
        in [errors](../errors.md).

        ## Everywhere
        | | |
        |---|---|
        | `-o`, `-w`, `--output FORMAT` | `table` (default), `wide`, `json`, `yaml`, `jsonl` (one \
        line for each item), `name` (names alone). JSON and YAML have a `version`, ids as hex \
        strings, times in RFC 3339, sizes in bytes, durations in seconds |
        | `--progress KIND` | how waiting is shown on standard error: `auto`, `tty` (redrawn), \
        `plain` (a line for each event), `json` (a document for each change), `off` |
        | `--context NAME` | which coordinator, by its name in the file of contexts |
        | `--request-timeout TIME` | how long to wait for one answer; 30s unless told |
        | `-y` | an ordinary change is not asked about |
        | `--confirm=CLUSTER` | a destruction: the cluster's name once more, instead of typing it |
        | Ctrl-C | leaves a wait with 130; the rollout goes on, and how to stop it is said |

        | variable | |
        |---|---|
        | `QUORATE_CONTEXT` | the context, where `--context` is not given |
        | `QUORATE_CONTEXT_FILE` | the file of contexts; `~/.config/quorate/contexts.yaml` \
        otherwise |
        | `QUORATE_ADDRESS`, `QUORATE_CA`, `QUORATE_CERT`, `QUORATE_KEY` | each in place of its \
        part of the context; all four need no file |
        | `NO_COLOR`, `CLICOLOR_FORCE` | no colours; colours although it is no terminal |
        | `QUORATE_DEBUG` | 1: a fault of the command line shows where it is |
        | `QUORATE_JAVA_OPTIONS` | more options for Java |

        Colours only repeat what words say. Durations are written `90s`, `10m`, `1h30m`, `90d`.

        """);
    commands(page, tree(), "quorate");
    Golden.page("cli.md", page.toString());
  }

  @Test
  void exitCodes() {
    Map<Integer, List<String>> codes = new TreeMap<>();
    for (Code code : Code.values()) {
      codes
          .computeIfAbsent(ExitCode.of(code.name()).number(), first -> new ArrayList<>())
          .add(code.name());
    }
    StringBuilder page = new StringBuilder("# Exit codes\n").append(MADE);
    page.append("What a script can tell without reading. The numbers are never used for anything");
    page.append(" else.\n\n| exit | meaning | codes of errors |\n|---|---|---|\n");
    for (ExitCode each : ExitCode.values()) {
      List<String> of = codes.getOrDefault(each.number(), List.of());
      String which = each == ExitCode.FAILED ? "all others" : String.join(", ", of);
      page.append("| %d | %s | %s |%n".formatted(each.number(), each.meaning(), which));
    }
    page.append("\n`status` ends with 3 when a cluster is neither healthy nor merely in need of a");
    page.append(" look; `check` with 7 when a check failed.\n");
    Golden.page("exit-codes.md", page.toString());
  }

  @Test
  void everyCommandAndOptionSaysWhatItIsFor() {
    List<String> silent = new ArrayList<>();
    silent(tree(), "quorate", silent);
    assertEquals(List.of(), silent);
  }

  private static void silent(CommandLine command, String name, List<String> silent) {
    if (command.getCommandSpec().usageMessage().description().length == 0) {
      silent.add(name);
    }
    command.getCommandSpec().options().stream()
        .filter(option -> option.description().length == 0)
        .forEach(option -> silent.add(name + " " + option.longestName()));
    command.getSubcommands().forEach((verb, each) -> silent(each, name + " " + verb, silent));
  }

  private static void commands(StringBuilder page, CommandLine command, String name) {
    for (Map.Entry<String, CommandLine> each : command.getSubcommands().entrySet()) {
      String full = name + " " + each.getKey();
      page.append("## ").append(full).append("\n```\n");
      page.append(own(each.getValue())).append("```\n\n");
      commands(page, each.getValue(), full);
    }
  }

  /** Its help without what is the same everywhere. */
  private static String own(CommandLine command) {
    return command
        .getUsageMessage(CommandLine.Help.Ansi.OFF)
        .replaceAll("(?m)^ +(-o, -w, --output|--context|--progress|-h, --help)[= ].*\\R", "")
        .replaceAll("(?m)^ +--request-timeout=TIME\\R.*\\R", "")
        .replaceAll(
            "\\s+\\[-h]|\\s+\\[--context=NAME]|\\s+\\[-o=FORMAT]|\\s+\\[--progress=KIND]"
                + "|\\s+\\[--request-timeout=TIME]",
            "")
        .replace(" [-hy]", " [-y]")
        .replace(" [-hf]", " [-f]")
        .replaceAll("\\R +\\[COMMAND]", " COMMAND");
  }

  private static CommandLine tree() {
    PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
    return Cli.tree(
        new Terminal(
            nowhere,
            nowhere,
            new BufferedReader(Reader.nullReader()),
            new Terminal.Connected(false, false, false),
            Map.of()),
        InstantSource.system());
  }
}
