package io.quorate.coordinator.spec.yaml;

import io.quorate.common.error.Code;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * YAML text, cut open where the parser says that something stands, and put together again. A place
 * that cannot be found for certain is refused, never guessed.
 */
public record Splice(String text) {
  /** The scalar at this path of keys (text) and indexes (whole numbers). */
  public Splice set(List<Object> path, String scalar) {
    Node node = root();
    for (Object step : path) {
      node = step instanceof Integer index ? element(node, index) : value(node, (String) step);
    }
    if (!(node instanceof ScalarNode)) {
      throw unclear();
    }
    return replaced(start(node), end(node), scalar);
  }

  /** One more element, written in one line, at the end of the list under a key of the root. */
  public Splice append(String key, String element) {
    SequenceNode list = list(key);
    Node last = element(list, list.getValue().size() - 1);
    if (list.getFlowStyle() == FlowStyle.FLOW) {
      return inserted(end(last), ", " + element);
    }
    int lineEnd = lineEnd(lastEnd(last));
    String indent = " ".repeat(list.getStartMark().orElseThrow(Splice::unclear).getColumn());
    return inserted(lineEnd, lineBreak() + indent + "- " + element);
  }

  /**
   * The list under a key of the root without one of its elements; without the key if it was all.
   */
  public Splice remove(String key, int index) {
    SequenceNode list = list(key);
    if (list.getValue().size() == 1) {
      return removedKey(key);
    }
    Node node = element(list, index);
    return list.getFlowStyle() == FlowStyle.FLOW
        ? removedFlow(list, index)
        : removedLines(dash(start(node)), lastEnd(node));
  }

  private Splice removedKey(String key) {
    if (root().getFlowStyle() == FlowStyle.FLOW) {
      throw unclear();
    }
    for (NodeTuple tuple : root().getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key)) {
        return removedLines(start(tuple.getKeyNode()), lastEnd(tuple.getValueNode()));
      }
    }
    throw unclear();
  }

  /** From one element to the next, or, for the last, from the one before it. */
  private Splice removedFlow(SequenceNode list, int index) {
    boolean last = index == list.getValue().size() - 1;
    int from = last ? end(element(list, index - 1)) : start(element(list, index));
    int to = last ? end(element(list, index)) : start(element(list, index + 1));
    String between =
        last
            ? text.substring(from, start(element(list, index)))
            : text.substring(end(element(list, index)), to);
    if (!between.strip().equals(",")) {
      throw unclear();
    }
    return replaced(from, to, "");
  }

  /** Whole lines: nothing else may stand before the first thing or, but for a comment, after. */
  private Splice removedLines(int from, int end) {
    int lineStart = text.lastIndexOf('\n', from - 1) + 1;
    int lineEnd = lineEnd(end);
    String rest = text.substring(end, lineEnd).strip();
    boolean alone = text.substring(lineStart, from).isBlank();
    if (!alone || !(rest.isEmpty() || rest.startsWith("#"))) {
      throw unclear();
    }
    int next = text.indexOf('\n', lineEnd);
    return replaced(lineStart, next < 0 ? text.length() : next + 1, "");
  }

  /** The dash that announces an element of a block list. */
  private int dash(int start) {
    int at = start - 1;
    while (at >= 0 && Character.isWhitespace(text.charAt(at))) {
      at--;
    }
    if (at < 0 || text.charAt(at) != '-') {
      throw unclear();
    }
    return at;
  }

  private Splice inserted(int at, String more) {
    return replaced(at, at, more);
  }

  private Splice replaced(int from, int to, String more) {
    return new Splice(text.substring(0, from) + more + text.substring(to));
  }

  private String lineBreak() {
    return text.contains("\r\n") ? "\r\n" : "\n";
  }

  private int lineEnd(int from) {
    int at = text.indexOf('\n', from);
    int end = at < 0 ? text.length() : at;
    return end > from && text.charAt(end - 1) == '\r' ? end - 1 : end;
  }

  /** Where the last word of it ends; the parser's own end of a block lies after later comments. */
  private int lastEnd(Node node) {
    if (!(node instanceof CollectionNode<?> collection)
        || collection.getFlowStyle() == FlowStyle.FLOW) {
      return end(node);
    }
    return switch (node) {
      case SequenceNode list -> lastEnd(list.getValue().getLast());
      case MappingNode mapping -> lastEnd(mapping.getValue().getLast().getValueNode());
      default -> throw unclear();
    };
  }

  private MappingNode root() {
    Findings findings = new Findings();
    Optional<Node> root = SafeYaml.read(text, findings);
    return root.filter(MappingNode.class::isInstance)
        .map(MappingNode.class::cast)
        .orElseThrow(Splice::unclear);
  }

  private SequenceNode list(String key) {
    if (value(root(), key) instanceof SequenceNode list && !list.getValue().isEmpty()) {
      return list;
    }
    throw unclear();
  }

  private static Node value(Node node, String key) {
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key)) {
          return tuple.getValueNode();
        }
      }
    }
    throw unclear();
  }

  private static Node element(Node node, int index) {
    if (node instanceof SequenceNode list && index >= 0 && index < list.getValue().size()) {
      return list.getValue().get(index);
    }
    throw unclear();
  }

  private int start(Node node) {
    return offset(node.getStartMark());
  }

  private int end(Node node) {
    return offset(node.getEndMark());
  }

  /** The parser counts code points. */
  private int offset(Optional<Mark> mark) {
    return text.offsetByCodePoints(0, mark.orElseThrow(Splice::unclear).getIndex());
  }

  private static RuntimeException unclear() {
    return Findings.problem(
            Code.Q1001,
            "the file is laid out in a way that cannot be changed in place",
            "change it by hand, then: quorate apply -f FILE")
        .asException();
  }
}
