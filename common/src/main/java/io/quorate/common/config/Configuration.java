package io.quorate.common.config;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The settings of a daemon. A flag wins over the environment, that over the file, that over the
 * default. Names that are not known are refused wherever a daemon reads them: in the file with line
 * and column, as a flag by its name.
 */
public final class Configuration {
  private static final String FILE = "config";

  private final Map<String, String> values;

  private Configuration(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads flags of the form {@code --name value} or {@code --name=value}; the file is named by
   * {@code --config} or QUORATE_CONFIG.
   */
  public static Configuration load(
      List<Option> options, List<String> arguments, Map<String, String> environment) {
    Map<String, String> flags = flags(options, arguments);
    Map<String, String> values = new LinkedHashMap<>();
    options.forEach(o -> o.fallback().ifPresent(f -> values.put(o.name(), f)));
    Optional.ofNullable(flags.getOrDefault(FILE, environment.get("QUORATE_CONFIG")))
        .ifPresent(file -> values.putAll(file(options, Path.of(file))));
    for (Option option : options) {
      String said = environment.get(option.variable());
      if (said != null) {
        values.put(option.name(), said);
      }
    }
    values.putAll(flags);
    return new Configuration(values);
  }

  public Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name)).filter(v -> !v.isEmpty());
  }

  public String require(String name) {
    return find(name)
        .orElseThrow(() -> refused("'%s' is not set".formatted(name), "give --" + name + " VALUE"));
  }

  /** Comma-separated in a flag or variable, a sequence in the file. */
  public List<String> list(String name) {
    return find(name)
        .map(
            text ->
                Arrays.stream(text.split(",", -1))
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .toList())
        .orElse(List.of());
  }

  private static Map<String, String> flags(List<Option> options, List<String> arguments) {
    Map<String, String> flags = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("--")) {
        throw refused("'%s' is not understood".formatted(argument), "--help lists the flags");
      }
      int equals = argument.indexOf('=');
      String name = equals > 0 ? argument.substring(2, equals) : argument.substring(2);
      if (!name.equals(FILE) && options.stream().noneMatch(o -> o.name().equals(name))) {
        throw refused("unknown flag --" + name, "--help lists the flags");
      }
      if (equals < 0 && i + 1 == arguments.size()) {
        throw refused("--%s needs a value".formatted(name), "--%s VALUE".formatted(name));
      }
      flags.put(name, equals > 0 ? argument.substring(equals + 1) : arguments.get(++i));
    }
    return flags;
  }

  private static Map<String, String> file(List<Option> options, Path path) {
    Optional<Node> root;
    try {
      root =
          new Compose(LoadSettings.builder().setLabel(path.toString()).build())
              .composeString(Files.readString(path));
    } catch (IOException e) {
      throw new QuorateException(
          Problem.of(Code.Q1301, "%s cannot be read: %s".formatted(path, e.getMessage())), e);
    } catch (MarkedYamlEngineException e) {
      throw new QuorateException(
          Problem.of(Code.Q1301, "%s: %s".formatted(path, e.getProblem())), e);
    }
    Map<String, String> values = new LinkedHashMap<>();
    root.ifPresent(node -> read(options, path, node, values));
    return values;
  }

  private static void read(List<Option> options, Path path, Node root, Map<String, String> values) {
    if (!(root instanceof MappingNode mapping)) {
      throw refused(path + " is not a list of 'name: value'", "write one setting a line");
    }
    for (NodeTuple tuple : mapping.getValue()) {
      String name = scalar(path, tuple.getKeyNode());
      if (options.stream().noneMatch(o -> o.name().equals(name))) {
        throw refused(
            "%s: unknown setting '%s'".formatted(at(path, tuple.getKeyNode()), name),
            "known are: " + String.join(", ", options.stream().map(Option::name).toList()));
      }
      String value =
          tuple.getValueNode() instanceof SequenceNode sequence
              ? String.join(",", sequence.getValue().stream().map(n -> scalar(path, n)).toList())
              : scalar(path, tuple.getValueNode());
      if (values.put(name, value) != null) {
        throw refused(
            "%s: '%s' is set twice".formatted(at(path, tuple.getKeyNode()), name),
            "remove one of them");
      }
    }
  }

  private static String scalar(Path path, Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw refused(at(path, node) + ": a plain value is expected here", "see the documentation");
  }

  private static String at(Path path, Node node) {
    return node.getStartMark()
        .map(m -> "%s:%d:%d".formatted(path, m.getLine() + 1, m.getColumn() + 1))
        .orElse(path.toString());
  }

  private static QuorateException refused(String sentence, String remedy) {
    return Problem.of(Code.Q1301, sentence).withRemedy(remedy).asException();
  }
}
