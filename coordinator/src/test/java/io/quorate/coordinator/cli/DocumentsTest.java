package io.quorate.coordinator.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.coordinator.cli.core.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the documents name exists: files, codes, commands and their options. */
class DocumentsTest {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().resolveSibling("docs/..");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Pattern CODE = Pattern.compile("\\bQ\\d{4}\\b");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)(?:`|^\\s*(?:\\$ )?)quorate ((?:[^`\\n#|\"<>(]|\\(s\\))+)");

  @Test
  void linksLeadSomewhere() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        if (!Files.exists(page.resolveSibling(link.group(1)))) {
          wrong.add(name(page) + ": " + link.group(1));
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void codesAreOfTheCatalogue() throws IOException {
    List<String> known = Stream.of(Code.values()).map(Code::name).toList();
    List<String> wrong = new ArrayList<>();
    for (Path page : pages()) {
      Matcher code = CODE.matcher(Files.readString(page));
      while (code.find()) {
        if (!known.contains(code.group())) {
          wrong.add(name(page) + ": " + code.group());
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void commandsAndOptionsAreThere() throws IOException {
    CommandLine tree = tree();
    List<String> wrong = new ArrayList<>();
    int looked = 0;
    for (Path page : pages()) {
      Matcher command = COMMAND.matcher(Files.readString(page));
      while (command.find()) {
        looked++;
        String words = command.group(1).strip();
        missing(tree, List.of(words.split("[\\s,;]+")))
            .forEach(each -> wrong.add("%s: quorate %s: %s".formatted(name(page), words, each)));
      }
    }
    assertTrue(looked > 150, "commands were found in the documents: " + looked);
    assertEquals(List.of(), wrong);
  }

  private static List<String> missing(CommandLine tree, List<String> words) {
    CommandLine at = tree;
    List<String> missing = new ArrayList<>();
    for (String word : words) {
      String option = word.replaceAll("=.*", "");
      if (word.matches("--[a-z][a-z0-9-]*(=.*)?")) {
        if (at.getCommandSpec().findOption(option) == null) {
          missing.add(option);
        }
      } else if (!at.getSubcommands().isEmpty() && word.matches("[a-z][a-z-]*")) {
        CommandLine next = at.getSubcommands().get(word);
        if (next == null) {
          missing.add(word);
          return missing;
        }
        at = next;
      }
    }
    return missing;
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> root = Files.list(REPOSITORY);
        Stream<Path> docs = Files.walk(REPOSITORY.resolve("docs"))) {
      return Stream.concat(root, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.endsWith("reference/cli.md"))
          .sorted()
          .toList();
    }
  }

  private static String name(Path page) {
    return REPOSITORY.normalize().relativize(page.normalize()).toString();
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
