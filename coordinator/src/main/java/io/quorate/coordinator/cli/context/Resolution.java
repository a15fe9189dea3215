package io.quorate.coordinator.cli.context;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which context it is: the one named by --context, else by QUORATE_CONTEXT, else the file's current
 * one, else the only one. Then each of QUORATE_ADDRESS, QUORATE_CA, QUORATE_CERT and QUORATE_KEY
 * takes the place of its part; all four together need no file.
 */
public final class Resolution {
  private final Map<String, String> environment;

  public Resolution(Map<String, String> environment) {
    this.environment = environment;
  }

  public Path file() {
    String home = environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
    String configuration =
        variable("XDG_CONFIG_HOME").orElseGet(() -> Path.of(home, ".config").toString());
    return variable("QUORATE_CONTEXT_FILE")
        .map(Path::of)
        .orElseGet(() -> Path.of(configuration, "quorate", "contexts.yaml"));
  }

  public ServerContext resolve(Optional<String> wanted) {
    Optional<String> name = wanted.or(() -> variable("QUORATE_CONTEXT"));
    Optional<ServerContext> base = name.isEmpty() && complete() ? Optional.empty() : named(name);
    return new ServerContext(
        base.map(ServerContext::name).orElse("environment"),
        part("QUORATE_ADDRESS", base.map(ServerContext::address)),
        Path.of(part("QUORATE_CA", base.map(each -> each.ca().toString()))),
        Path.of(part("QUORATE_CERT", base.map(each -> each.certificate().toString()))),
        Path.of(part("QUORATE_KEY", base.map(each -> each.key().toString()))));
  }

  private boolean complete() {
    return variable("QUORATE_ADDRESS").isPresent()
        && variable("QUORATE_CA").isPresent()
        && variable("QUORATE_CERT").isPresent()
        && variable("QUORATE_KEY").isPresent();
  }

  private Optional<ServerContext> named(Optional<String> name) {
    ContextFile file = ContextFile.load(file());
    if (name.isPresent()) {
      Optional<ServerContext> found = file.find(name.get());
      if (found.isEmpty()) {
        throw none("there is no context '%s' in %s".formatted(name.get(), file.file()));
      }
      return found;
    }
    Optional<ServerContext> current = file.find(file.current());
    return current.isEmpty() && file.contexts().size() == 1
        ? Optional.of(file.contexts().getFirst())
        : current;
  }

  private String part(String variable, Optional<String> fromContext) {
    return variable(variable)
        .or(() -> fromContext)
        .orElseThrow(
            () ->
                none(
                    "no coordinator is known: %s has no current context and %s is not set"
                        .formatted(file(), variable)));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  private static QuorateException none(String sentence) {
    return Problem.of(Code.Q1402, sentence)
        .withRemedy("quorate context list")
        .withRemedy("set QUORATE_ADDRESS, QUORATE_CA, QUORATE_CERT and QUORATE_KEY")
        .asException();
  }
}
