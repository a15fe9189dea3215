package io.quorate.agent.service;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The only things about a service that a document may say, and the only texts that it may say them
 * with. A coordinator that sends anything else is refused: a unit file is no place for text from
 * afar.
 */
public final class UnitSettings {
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,15}");
  private static final Pattern SPAN = Pattern.compile("[0-9]{1,9}(ms|s)");
  private static final Pattern CLASS = Pattern.compile("realtime|best-effort|idle");

  /** Hidden directories are fine: an agent without root lives in one. Ways back up are not. */
  private static final Pattern PATH =
      Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9_.][A-Za-z0-9._-]*)+");

  private static final Map<String, Pattern> DIRECTIVES =
      Map.ofEntries(
          Map.entry("LimitNOFILE", NUMBER),
          Map.entry("LimitMEMLOCK", NUMBER),
          Map.entry("IOSchedulingClass", CLASS),
          Map.entry("IOSchedulingPriority", NUMBER),
          Map.entry("Nice", NUMBER),
          Map.entry("CPUWeight", NUMBER),
          Map.entry("IOWeight", NUMBER),
          Map.entry("MemoryLow", NUMBER),
          Map.entry("MemoryHigh", NUMBER),
          Map.entry("MemoryMax", NUMBER),
          Map.entry("OOMScoreAdjust", NUMBER),
          Map.entry("RestartSec", SPAN),
          Map.entry("TimeoutStopSec", SPAN));

  private static final Map<String, Pattern> VARIABLES =
      Map.of("GOMAXPROCS", NUMBER, "GOGC", NUMBER, "GOMEMLIMIT", NUMBER);

  private UnitSettings() {}

  /** The Go runtime's knobs among the settings, which travel by the environment. */
  public static SortedMap<String, String> environment(Map<String, String> unit) {
    check(unit);
    SortedMap<String, String> environment = new TreeMap<>(unit);
    environment.keySet().retainAll(VARIABLES.keySet());
    return environment;
  }

  /** The drop-in for one member. */
  static String dropIn(ServiceDefinition definition) {
    check(definition.unit());
    StringBuilder text =
        new StringBuilder("# Written by Quorate; edits are put back.\n[Service]\n");
    text.append("ReadWritePaths=").append(paths(definition.writable())).append('\n');
    definition
        .unit()
        .forEach(
            (name, value) -> {
              if (DIRECTIVES.containsKey(name)) {
                text.append(name).append('=').append(value).append('\n');
              }
            });
    return text.toString();
  }

  private static String paths(List<Path> paths) {
    for (Path path : paths) {
      if (!PATH.matcher(path.toString()).matches()) {
        throw Problem.of(Code.Q1004, "'%s' is not a plain absolute path".formatted(path))
            .asException();
      }
    }
    return String.join(" ", paths.stream().map(Path::toString).toList());
  }

  private static void check(Map<String, String> unit) {
    unit.forEach(
        (name, value) -> {
          Pattern legal = DIRECTIVES.getOrDefault(name, VARIABLES.get(name));
          if (legal == null || !legal.matcher(value).matches()) {
            throw Problem.of(
                    Code.Q1010,
                    "this host takes no unit setting '%s' with that value"
                        .formatted(printable(name)))
                .withRemedy("upgrade the agent, if the coordinator is newer")
                .asException();
          }
        });
  }

  private static String printable(String text) {
    String cut = text.length() > 40 ? text.substring(0, 40) : text;
    return cut.replaceAll("[^A-Za-z0-9_-]", "?");
  }
}
