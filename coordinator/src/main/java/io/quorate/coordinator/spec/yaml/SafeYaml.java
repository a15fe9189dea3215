package io.quorate.coordinator.spec.yaml;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Turns text from anybody into a tree of nodes with positions, in bounded time and memory.
 *
 * <ol>
 *   <li>More than 1 MiB is refused unread.
 *   <li>Characters that a terminal, a log or etcd's configuration could misread are refused:
 *       control characters other than line ends and tabs, lone surrogates, marks that turn the
 *       direction of text.
 *   <li>The events are read once, lazily, before any tree is built: nesting deeper than a cluster's
 *       file ever is, anchors, aliases, tags and a second document end it there. Hence neither an
 *       alias bomb nor a tower of brackets is ever expanded.
 *   <li>Only then is the tree composed.
 * </ol>
 */
public final class SafeYaml {
  static final int LARGEST = 1 << 20;
  static final int DEEPEST = 8;

  private SafeYaml() {}

  /** The root, unless something was found. */
  public static Optional<Node> read(String text, Findings findings) {
    if (tooLarge(text)) {
      findings.add(1, 1, tooLarge());
      return Optional.empty();
    }
    checkCharacters(text, findings);
    if (!findings.none()) {
      return Optional.empty();
    }
    try {
      checkEvents(text, findings);
      return findings.none() ? compose(text, findings) : Optional.empty();
    } catch (MarkedYamlEngineException e) {
      findings.add(e.getProblemMark(), unreadable(e.getProblem()));
    } catch (YamlEngineException e) {
      findings.add(1, 1, unreadable("it is not well-formed"));
    }
    return Optional.empty();
  }

  /**
   * The buffer takes the whole text at once: the engine (3.0.1) fails on a character outside the
   * basic plane that lies across the end of a smaller one.
   */
  private static LoadSettings settings(String text) {
    return LoadSettings.builder()
        .setLabel("the file")
        .setAllowDuplicateKeys(true)
        .setAllowNonScalarKeys(true)
        .setMaxAliasesForCollections(1)
        .setCodePointLimit(LARGEST)
        .setBufferSize(text.length() + 1)
        .build();
  }

  private static boolean tooLarge(String text) {
    if (text.length() > LARGEST) {
      return true;
    }
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes > LARGEST;
  }

  private static Problem tooLarge() {
    return Findings.problem(
        Code.Q1011, "the file is larger than 1 MiB", "one file describes one cluster");
  }

  private static Problem unreadable(String why) {
    return Findings.problem(
        Code.Q1001, "the file cannot be read as YAML: " + printable(why), "mind the indentation");
  }

  /** No part of a hostile file reaches a terminal as it is. */
  public static String printable(String text) {
    String cut = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    StringBuilder safe = new StringBuilder();
    cut.codePoints()
        .forEach(
            c ->
                safe.appendCodePoint(
                    forbidden(c) || c == '\n' || c == '\r' || c == '\t' ? '?' : c));
    return safe.toString();
  }

  private static void checkCharacters(String text, Findings findings) {
    int line = 1;
    int column = 1;
    int i = text.startsWith("\uFEFF") ? 1 : 0;
    while (i < text.length() && !findings.full()) {
      int c = text.codePointAt(i);
      boolean loneReturn = c == '\r' && (i + 1 >= text.length() || text.charAt(i + 1) != '\n');
      if (loneReturn || forbidden(c)) {
        findings.add(line, column, control(c));
      }
      if (c == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
      i += Character.charCount(c);
    }
  }

  public static Problem control(int c) {
    return Findings.problem(
        Code.Q1007,
        "control character U+%04X".formatted(c),
        "remove it; no value of the file needs one");
  }

  /** The first character of a value that no line of a configuration may hold, if there is one. */
  public static Optional<Integer> firstControl(String value) {
    return value
        .codePoints()
        .filter(c -> c == '\n' || c == '\r' || c == '\t' || forbidden(c))
        .boxed()
        .findFirst();
  }

  private static boolean forbidden(int c) {
    boolean control = (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || (c >= 0x7f && c < 0xa0);
    boolean lineEnd = c == 0x2028 || c == 0x2029;
    boolean direction =
        c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    boolean broken = (c >= 0xd800 && c <= 0xdfff) || c == 0xfeff || (c & 0xfffe) == 0xfffe;
    return control || lineEnd || direction || broken;
  }

  private static void checkEvents(String text, Findings findings) {
    int depth = 0;
    int documents = 0;
    for (Event event : new Parse(settings(text)).parseString(text)) {
      if (event instanceof CollectionStartEvent) {
        depth++;
      } else if (event.getEventId() == Event.ID.MappingEnd
          || event.getEventId() == Event.ID.SequenceEnd) {
        depth--;
      } else if (event instanceof DocumentStartEvent) {
        documents++;
      }
      Optional<Problem> problem = problemOf(event, depth, documents);
      if (problem.isPresent()) {
        findings.add(event.getStartMark(), problem.get());
        return;
      }
    }
  }

  private static Optional<Problem> problemOf(Event event, int depth, int documents) {
    if (depth > DEEPEST) {
      return Optional.of(
          Findings.problem(
              Code.Q1011, "nested deeper than %d levels".formatted(DEEPEST), "mind the brackets"));
    }
    if (documents > 1) {
      return Optional.of(
          Findings.problem(Code.Q1001, "a second document", "one file describes one cluster"));
    }
    if (event instanceof AliasEvent
        || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
      return Optional.of(
          Findings.problem(Code.Q1001, "anchors and aliases are not used here", "write it out"));
    }
    boolean tagged =
        (event instanceof ScalarEvent scalar && scalar.getTag().isPresent())
            || (event instanceof CollectionStartEvent start && start.getTag().isPresent());
    return tagged
        ? Optional.of(Findings.problem(Code.Q1001, "tags are not used here", "leave the '!…' out"))
        : Optional.empty();
  }

  private static Optional<Node> compose(String text, Findings findings) {
    Optional<Node> root = new Compose(settings(text)).composeString(text);
    if (root.isEmpty()) {
      findings.add(
          1, 1, Findings.problem(Code.Q1005, "the file is empty", "see: quorate validate --help"));
    }
    return root;
  }
}
