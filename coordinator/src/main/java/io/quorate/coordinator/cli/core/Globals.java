package io.quorate.coordinator.cli.core;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command has, wherever they stand on the line. */
public final class Globals {
  public enum Format {
    TABLE,
    WIDE,
    JSON,
    YAML,
    JSONL,
    NAME;

    public boolean table() {
      return this == TABLE || this == WIDE;
    }
  }

  public enum Progress {
    AUTO,
    TTY,
    PLAIN,
    JSON,
    OFF
  }

  /** For completion. */
  static final class Formats extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    Formats() {
      super(words(Format.class));
    }
  }

  /** For completion. */
  static final class Kinds extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    Kinds() {
      super(words(Progress.class));
    }
  }

  @Option(
      names = {"-o", "-w", "--output"},
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      completionCandidates = Formats.class,
      description = "table, wide, json, yaml, jsonl or name")
  private Optional<String> output = Optional.empty();

  @Option(
      names = "--context",
      paramLabel = "NAME",
      scope = ScopeType.INHERIT,
      description = "the coordinator to talk to, by its name in the file of contexts")
  private Optional<String> context = Optional.empty();

  @Option(
      names = "--progress",
      paramLabel = "KIND",
      scope = ScopeType.INHERIT,
      completionCandidates = Kinds.class,
      description = "how waiting is shown on stderr: auto, tty, plain, json or off")
  private Optional<String> progress = Optional.empty();

  @Option(
      names = "--request-timeout",
      paramLabel = "TIME",
      scope = ScopeType.INHERIT,
      description = "how long to wait for one answer; 30s unless told")
  private Optional<Duration> requestTimeout = Optional.empty();

  public Format format() {
    return word("--output", output, Format.class).orElse(Format.TABLE);
  }

  public Progress progress() {
    return word("--progress", progress, Progress.class).orElse(Progress.AUTO);
  }

  public Optional<String> context() {
    return context;
  }

  public Duration requestTimeout() {
    return requestTimeout.orElse(Duration.ofSeconds(30));
  }

  private static <E extends Enum<E>> List<String> words(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(each -> each.name().toLowerCase(Locale.ROOT))
        .toList();
  }

  private static <E extends Enum<E>> Optional<E> word(
      String option, Optional<String> given, Class<E> type) {
    if (given.isEmpty()) {
      return Optional.empty();
    }
    for (E each : type.getEnumConstants()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(given.get())) {
        return Optional.of(each);
      }
    }
    String known = String.join(", ", words(type));
    throw Problem.of(Code.Q1404, "%s must be one of %s".formatted(option, known)).asException();
  }
}
