package io.quorate.common.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One setting of a daemon. Its name is the key in the file, {@code --name} as a flag, QUORATE_NAME
 * in the environment.
 */
public record Option(String name, Optional<String> fallback, String meaning) {
  public static Option of(String name, String fallback, String meaning) {
    return new Option(name, Optional.of(fallback), meaning);
  }

  /** Without a value of its own unless somebody gives it one. */
  public static Option empty(String name, String meaning) {
    return new Option(name, Optional.empty(), meaning);
  }

  String variable() {
    return "QUORATE_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
