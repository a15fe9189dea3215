package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Values of a cluster's file as its owner would write them. */
final class Spoken {
  private Spoken() {}

  record Difference(String name, String from, String to) {}

  /** Component by component, into sections of a section. */
  static List<Difference> differences(Record from, Record to) {
    List<Difference> found = new ArrayList<>();
    for (RecordComponent component : from.getClass().getRecordComponents()) {
      Object was = get(component, from);
      Object is = get(component, to);
      if (Objects.equals(was, is)) {
        continue;
      }
      if (was instanceof Record before
          && is instanceof Record now
          && was.getClass().isMemberClass()) {
        differences(before, now)
            .forEach(
                d ->
                    found.add(
                        new Difference(component.getName() + " " + d.name(), d.from(), d.to())));
      } else {
        found.add(new Difference(component.getName(), value(was), value(is)));
      }
    }
    return found;
  }

  static String value(Object value) {
    return switch (value) {
      case Optional<?> maybe -> maybe.isPresent() ? value(maybe.get()) : "none";
      case Duration duration -> duration(duration);
      case Enum<?> word -> word.name().toLowerCase(Locale.ROOT);
      case Collection<?> all ->
          all.isEmpty()
              ? "none"
              : all.stream().map(Spoken::value).sorted().collect(Collectors.joining(", "));
      case Map<?, ?> all ->
          all.isEmpty()
              ? "none"
              : all.entrySet().stream()
                  .map(e -> e.getKey() + "=" + value(e.getValue()))
                  .collect(Collectors.joining(", "));
      default -> value.toString();
    };
  }

  /** 8GiB where it is whole, else bytes. */
  static String bytes(long bytes) {
    String[] units = {"", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    long value = bytes;
    while (value != 0 && value % 1024 == 0 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return value + units[unit];
  }

  private static String duration(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    if (duration.toMillis() % 1000 != 0) {
      return duration.toMillis() + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  private static Object get(RecordComponent component, Record of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new io.quorate.common.error.QuorateException(
          Problem.of(Code.Q1315, "a part of the file cannot be read: " + component.getName()), e);
    }
  }
}
