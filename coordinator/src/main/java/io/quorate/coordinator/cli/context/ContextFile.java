package io.quorate.coordinator.cli.context;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.pki.SecretFiles;
import io.quorate.coordinator.api.v1.codec.Json;
import io.quorate.coordinator.api.v1.codec.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The file of contexts:
 *
 * <pre>
 * current: prod
 * contexts:
 *   - name: prod
 *     address: coordinator.example:7443
 *     ca: ca.crt
 *     certificate: operator.crt
 *     key: operator.key
 * </pre>
 *
 * Paths that are not absolute are beside the file. A file that is not there has no contexts.
 */
public record ContextFile(Path file, String current, List<ServerContext> contexts) {
  public ContextFile {
    contexts = List.copyOf(contexts);
  }

  public static ContextFile load(Path file) {
    if (!Files.exists(file)) {
      return new ContextFile(file, "", List.of());
    }
    try {
      LoadSettings settings =
          LoadSettings.builder().setLabel(file.toString()).setMaxAliasesForCollections(0).build();
      Object root = new Load(settings).loadFromString(Files.readString(file));
      return read(file, root);
    } catch (IOException | YamlEngineException e) {
      throw new QuorateException(bad(file, String.valueOf(e.getMessage())), e);
    }
  }

  public Optional<ServerContext> find(String name) {
    return contexts.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  public ContextFile withCurrent(String name) {
    return new ContextFile(file, name, contexts);
  }

  /** Puts a context in place of the one with its name; the first one becomes the current. */
  public ContextFile with(ServerContext context) {
    List<ServerContext> others = new ArrayList<>(contexts);
    others.removeIf(each -> each.name().equals(context.name()));
    others.add(context);
    return new ContextFile(file, current.isEmpty() ? context.name() : current, others);
  }

  /** Written beside and moved over, readable by its owner alone. */
  public void save() {
    Map<String, Json> root = new LinkedHashMap<>();
    root.put("current", new Json.Text(current));
    root.put("contexts", new Json.Array(contexts.stream().map(ContextFile::json).toList()));
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      SecretFiles.write(file.toAbsolutePath(), YamlWriter.write(new Json.Dict(root)));
    } catch (IOException e) {
      throw new QuorateException(bad(file, "it cannot be written: " + e), e);
    }
  }

  private static Json json(ServerContext context) {
    Map<String, Json> fields = new LinkedHashMap<>();
    fields.put("name", new Json.Text(context.name()));
    fields.put("address", new Json.Text(context.address()));
    fields.put("ca", new Json.Text(context.ca().toString()));
    fields.put("certificate", new Json.Text(context.certificate().toString()));
    fields.put("key", new Json.Text(context.key().toString()));
    return new Json.Dict(fields);
  }

  private static ContextFile read(Path file, Object root) {
    if (!(root instanceof Map<?, ?> map) || !(map.get("contexts") instanceof List<?> list)) {
      throw bad(file, "it must have 'current' and a list 'contexts'").asException();
    }
    List<ServerContext> contexts = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof Map<?, ?> fields)) {
        throw bad(file, "each context must have name, address, ca, certificate, key").asException();
      }
      contexts.add(
          new ServerContext(
              text(file, fields, "name"),
              text(file, fields, "address"),
              path(file, text(file, fields, "ca")),
              path(file, text(file, fields, "certificate")),
              path(file, text(file, fields, "key"))));
    }
    Object current = map.get("current");
    return new ContextFile(file, current == null ? "" : current.toString(), contexts);
  }

  private static String text(Path file, Map<?, ?> fields, String key) {
    if (fields.get(key) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw bad(file, "a context has no '%s'".formatted(key)).asException();
  }

  private static Path path(Path file, String text) {
    Path home = Path.of(System.getProperty("user.home", "/"));
    Path path = text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text);
    return file.toAbsolutePath().resolveSibling(path);
  }

  private static Problem bad(Path file, String why) {
    return Problem.of(Code.Q1402, "the file of contexts %s cannot be used".formatted(file))
        .withCause(why)
        .withRemedy("set QUORATE_CONTEXT_FILE to another one, or write it anew");
  }
}
