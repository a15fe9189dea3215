package io.quorate.coordinator.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.coordinator.cli.core.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The scripts do what they are for; bash's is asked by a real bash. */
class CompletionTest {
  @TempDir private Path folder;
  private Path script;

  @BeforeEach
  void write() throws IOException {
    script = Files.writeString(folder.resolve("completion"), completion("bash"));
  }

  @Test
  void bashKnowsTheCommands() throws Exception {
    assertEquals(List.of("status"), completed("quorate", "stat"));
    List<String> all = completed("quorate", "");
    assertTrue(all.containsAll(Commands.all().keySet()), all.toString());
  }

  @Test
  void bashKnowsTheVerbs() throws Exception {
    assertEquals(List.of("remove", "replace", "restart"), completed("quorate", "member", "re"));
    assertEquals(List.of("history"), completed("quorate", "rollout", "h"));
  }

  @Test
  void bashKnowsOptionsAndTheirWords() throws Exception {
    assertEquals(List.of("--exit-code"), completed("quorate", "plan", "--ex"));
    assertEquals(List.of("json", "jsonl"), completed("quorate", "status", "-o", "js"));
    assertEquals(List.of("plain"), completed("quorate", "apply", "--progress", "pl"));
  }

  @Test
  void fishHasEveryCommandAndVerb() {
    String fish = completion("fish");
    for (Map.Entry<String, CommandLine> each : tree().getSubcommands().entrySet()) {
      assertTrue(fish.contains("-a '" + each.getKey() + "'"), each.getKey());
      each.getValue()
          .getSubcommands()
          .keySet()
          .forEach(verb -> assertTrue(fish.contains("-a '" + verb + "'"), verb));
    }
    fish.lines().forEach(line -> assertEquals(0, quotes(line) % 2, line));
  }

  private static long quotes(String line) {
    return line.replace("\\'", "").chars().filter(c -> c == '\'').count();
  }

  private static CommandLine tree() {
    return Cli.tree(terminal(new ByteArrayOutputStream()), InstantSource.system());
  }

  private static String completion(String shell) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertEquals(0, new Cli(terminal(out), InstantSource.system()).run("completion", shell));
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Terminal terminal(ByteArrayOutputStream out) {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new Terminal(
        stream,
        stream,
        new BufferedReader(Reader.nullReader()),
        new Terminal.Connected(false, false, false),
        Map.of());
  }

  /** What bash offers for the last of these words. */
  private List<String> completed(String... words) throws Exception {
    String quoted = Arrays.stream(words).map(w -> "'" + w + "'").collect(Collectors.joining(" "));
    String ask =
        """
        compopt() { :; } # works only while somebody presses the key
        source '%s'
        COMP_WORDS=(%s)
        COMP_CWORD=%d
        COMP_LINE="${COMP_WORDS[*]}"
        COMP_POINT=${#COMP_LINE}
        function=$(complete -p quorate | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        $function quorate "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(script, quoted, words.length - 1);
    Process bash = new ProcessBuilder("bash", "--norc", "-c", ask).start();
    String offered = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String complaints = new String(bash.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, bash.waitFor(), complaints);
    assertEquals("", complaints);
    return offered.lines().map(String::strip).filter(line -> !line.isEmpty()).sorted().toList();
  }
}
