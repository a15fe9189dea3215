package io.quorate.coordinator.spec.yaml;

import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.spec.rules.Quantities;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One mapping of the file. Opening it finds unknown and duplicate keys; every reading finds a wrong
 * type or an impossible value, and then answers with the default, so that reading goes on and all
 * that is wrong is told at once.
 */
public final class Section {
  private static final int KEY_SHOWN = 40;

  private final Node node;
  private final Findings findings;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Node> keys = new LinkedHashMap<>();

  private Section(Node node, Findings findings) {
    this.node = node;
    this.findings = findings;
  }

  /** Opens a mapping; anything else is found wrong and treated as an empty one. */
  public static Section open(Node node, String what, Collection<String> known, Findings findings) {
    Section section = new Section(node, findings);
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (findings.full()) {
          break;
        }
        section.take(tuple, known);
      }
    } else {
      findings.add(
          node,
          Code.Q1004,
          "%s is to be a mapping, not %s".formatted(what, kind(node)),
          "write it as 'key: value' lines");
    }
    return section;
  }

  private void take(NodeTuple tuple, Collection<String> known) {
    Node key = tuple.getKeyNode();
    if (!(key instanceof ScalarNode scalar) || scalar.getValue().length() > KEY_SHOWN * 2) {
      findings.add(key, Code.Q1002, "unknown key: " + kind(key), "");
      return;
    }
    String name = scalar.getValue();
    String shown = SafeYaml.printable(name);
    if (keys.put(name, key) != null) {
      findings.add(key, Code.Q1003, "duplicate key '%s'".formatted(shown), "keep one of the two");
    } else if (!known.contains(name)) {
      String hint =
          Spelling.nearest(name, known).map(" — did you mean '%s'?"::formatted).orElse("");
      findings.add(key, Code.Q1002, "unknown key '%s'%s".formatted(shown, hint), "");
    } else {
      values.put(name, tuple.getValueNode());
    }
  }

  public Node node() {
    return node;
  }

  public Collection<String> present() {
    return values.keySet();
  }

  public Optional<Node> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** Where the key stands, or the section when it is not there. */
  public Node at(String key) {
    return keys.getOrDefault(key, node);
  }

  public void require(String... wanted) {
    for (String key : wanted) {
      if (!keys.containsKey(key) && node instanceof MappingNode) {
        findings.add(node, Code.Q1005, "the key '%s' is missing".formatted(key), "");
      }
    }
  }

  public Section section(String key, Collection<String> known) {
    Node value = values.get(key);
    return value == null
        ? new Section(node, findings)
        : open(value, "'" + key + "'", known, findings);
  }

  /** The scalar's text, without control characters; empty when it is missing or wrong. */
  public Optional<String> text(String key) {
    return scalar(key).map(ScalarNode::getValue);
  }

  private Optional<ScalarNode> scalar(String key) {
    Node value = values.get(key);
    return value == null ? Optional.empty() : scalar(value, "'" + key + "'", findings);
  }

  /** A scalar that holds something, in one line. */
  public static Optional<ScalarNode> scalar(Node value, String what, Findings findings) {
    if (!(value instanceof ScalarNode scalar)) {
      findings.add(
          value, Code.Q1004, "%s is to be one value, not %s".formatted(what, kind(value)), "");
      return Optional.empty();
    }
    Optional<Integer> control = SafeYaml.firstControl(scalar.getValue());
    if (control.isPresent()) {
      findings.add(value, SafeYaml.control(control.get()));
      return Optional.empty();
    }
    if (isNull(scalar)) {
      findings.add(
          value, Code.Q1004, "%s has no value".formatted(what), "give one, or drop the key");
      return Optional.empty();
    }
    return Optional.of(scalar);
  }

  private static boolean isNull(ScalarNode scalar) {
    String text = scalar.getValue();
    boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
    return text.isEmpty() || (plain && (text.equals("~") || text.equals("null")));
  }

  /** A value by its own parser; what is none of its values is found wrong. */
  public <T> Optional<T> read(String key, String expected, Function<String, Optional<T>> parser) {
    Optional<ScalarNode> scalar = scalar(key);
    Optional<T> value = scalar.map(ScalarNode::getValue).flatMap(parser);
    if (scalar.isPresent() && value.isEmpty()) {
      findings.add(
          scalar.get(),
          Code.Q1004,
          "'%s' is to be %s, not '%s'"
              .formatted(key, expected, SafeYaml.printable(scalar.get().getValue())),
          "");
    }
    return value;
  }

  /** A value whose type checks itself and throws a coded problem. */
  public <T> Optional<T> checked(String key, Function<String, T> type) {
    Node value = values.get(key);
    return value == null ? Optional.empty() : checked(value, "'" + key + "'", type, findings);
  }

  public static <T> Optional<T> checked(
      Node value, String what, Function<String, T> type, Findings findings) {
    Optional<ScalarNode> scalar = scalar(value, what, findings);
    if (scalar.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(type.apply(scalar.get().getValue()));
    } catch (QuorateException e) {
      findings.add(value, e.problem());
      return Optional.empty();
    }
  }

  public Optional<Duration> span(String key, Duration least, Duration most) {
    String expected =
        "a span of time from %s to %s such as 100ms, 10s, 1h or 7d"
            .formatted(Quantities.show(least), Quantities.show(most));
    return read(
        key,
        expected,
        text ->
            Quantities.span(text)
                .filter(span -> span.compareTo(least) >= 0 && span.compareTo(most) <= 0));
  }

  public Optional<Long> whole(String key, long least, long most) {
    return read(
        key,
        "a whole number from %d to %d".formatted(least, most),
        text -> Quantities.whole(text).filter(value -> value >= least && value <= most));
  }

  public boolean truth(String key, boolean otherwise) {
    Function<String, Optional<Boolean>> parser =
        text ->
            switch (text) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            };
    return read(key, "true or false", parser).orElse(otherwise);
  }

  /** The elements of a list; anything else is found wrong. */
  public List<Node> list(String key) {
    Node value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof SequenceNode sequence) {
      return List.copyOf(sequence.getValue());
    }
    findings.add(
        value,
        Code.Q1004,
        "'%s' is to be a list, not %s".formatted(key, kind(value)),
        "write it as [a, b] or as '- a' lines");
    return List.of();
  }

  private static String kind(Node node) {
    return switch (node) {
      case MappingNode mapping -> "a mapping";
      case SequenceNode sequence -> "a list";
      case ScalarNode scalar -> "'" + SafeYaml.printable(scalar.getValue()) + "'";
      default -> "this";
    };
  }
}
