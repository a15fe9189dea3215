package io.quorate.coordinator.spec.rules;

import io.quorate.common.model.Setting;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One thing that etcd can be told, whatever it is called in which version. {@code names} says how
 * each minor version's configuration file spells it; a minor that is not there does not know it.
 * With a {@code gate} the newer versions know it as that entry of {@code feature-gates}. Aliases
 * are spellings that owners may use though no version's file takes them.
 */
record EtcdSetting(
    SortedMap<String, String> names, List<String> aliases, Optional<String> gate, Kind kind) {
  EtcdSetting {
    aliases = List.copyOf(aliases);
    names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
  }

  Optional<String> nameIn(String minor) {
    return Optional.ofNullable(names.get(minor));
  }

  /** The values a setting takes, and how etcd's configuration file wants them. */
  sealed interface Kind {
    /** Reads what the owner wrote; empty when it is not one of the values. */
    Optional<Setting> read(String text);

    /** For people: what is expected. */
    String expected();

    /** The same value as etcd's own configuration file takes it. */
    default Setting rendered(Setting value) {
      return value;
    }
  }

  record Word(List<String> choices) implements Kind {
    Word {
      choices = List.copyOf(choices);
    }

    @Override
    public Optional<Setting> read(String text) {
      boolean legal = choices.isEmpty() ? !text.isBlank() : choices.contains(text);
      return legal ? Optional.of(new Setting.Text(text)) : Optional.empty();
    }

    @Override
    public String expected() {
      return choices.isEmpty() ? "a text" : "one of " + String.join(", ", choices);
    }
  }

  /** A text of a form of its own. */
  record Form(Pattern pattern, String expected) implements Kind {
    @Override
    public Optional<Setting> read(String text) {
      return pattern.matcher(text).matches()
          ? Optional.of(new Setting.Text(text))
          : Optional.empty();
    }
  }

  record Whole(long least, long most) implements Kind {
    @Override
    public Optional<Setting> read(String text) {
      return Quantities.whole(text)
          .filter(value -> value >= least && value <= most)
          .map(Setting.Whole::new);
    }

    @Override
    public String expected() {
      return "a whole number from %d to %d".formatted(least, most);
    }
  }

  record Size(long least, long most) implements Kind {
    @Override
    public Optional<Setting> read(String text) {
      return Quantities.size(text)
          .filter(value -> value >= least && value <= most)
          .map(Setting.Whole::new);
    }

    @Override
    public String expected() {
      return "a size from %s to %s such as 8GiB, 512MiB or a number of bytes"
          .formatted(Quantities.showSize(least), Quantities.showSize(most));
    }
  }

  record YesNo() implements Kind {
    @Override
    public Optional<Setting> read(String text) {
      return switch (text) {
        case "true" -> Optional.of(new Setting.Truth(true));
        case "false" -> Optional.of(new Setting.Truth(false));
        default -> Optional.empty();
      };
    }

    @Override
    public String expected() {
      return "true or false";
    }
  }

  /**
   * A span of time. Etcd's file takes most as integer nanoseconds, but some as a count of
   * milliseconds or seconds: those may be written as documented, as a bare number, too.
   */
  record Time(Duration least, Duration most, Unit unit) implements Kind {
    @Override
    public Optional<Setting> read(String text) {
      Optional<Duration> span =
          unit == Unit.NANOSECONDS
              ? Quantities.span(text)
              : Quantities.span(text).or(() -> Quantities.whole(text).flatMap(this::ofUnit));
      return span.filter(this::legal).map(Setting.Span::new);
    }

    private Optional<Duration> ofUnit(long amount) {
      return Optional.of(
          unit == Unit.SECONDS ? Duration.ofSeconds(amount) : Duration.ofMillis(amount));
    }

    private boolean legal(Duration span) {
      boolean divides = unit != Unit.SECONDS || span.toMillisPart() == 0;
      return divides && span.compareTo(least) >= 0 && span.compareTo(most) <= 0;
    }

    @Override
    public String expected() {
      return "a span of time from %s to %s such as 100ms, 10s or 1h"
          .formatted(Quantities.show(least), Quantities.show(most));
    }

    @Override
    public Setting rendered(Setting value) {
      if (!(value instanceof Setting.Span span)) {
        return value;
      }
      return switch (unit) {
        case NANOSECONDS -> span;
        case MILLISECONDS -> new Setting.Whole(span.value().toMillis());
        case SECONDS -> new Setting.Whole(span.value().toSeconds());
      };
    }
  }

  enum Unit {
    NANOSECONDS,
    MILLISECONDS,
    SECONDS
  }

  /**
   * A text of its own making: hours without a unit, a span with one, or, by the other mode, a
   * number of revisions. Days are not known to etcd, so they are written as hours.
   */
  record Retention() implements Kind {
    @Override
    public Optional<Setting> read(String text) {
      Optional<Setting> number =
          Quantities.whole(text)
              .filter(value -> value >= 0)
              .map(value -> new Setting.Text(Long.toString(value)));
      return number.or(() -> Quantities.span(text).map(Retention::goSpan));
    }

    private static Setting goSpan(Duration span) {
      StringBuilder text = new StringBuilder();
      if (span.toHours() > 0) {
        text.append(span.toHours()).append('h');
      }
      Duration rest = span.minusHours(span.toHours());
      if (!rest.isZero() || text.isEmpty()) {
        text.append(Quantities.show(rest));
      }
      return new Setting.Text(text.toString());
    }

    @Override
    public String expected() {
      return "a span of time such as 1h, or with mode 'revision' a number of revisions";
    }
  }

  /** {@code Name=true,Other=false}, each name one that some version knows. */
  record Gates() implements Kind {
    @Override
    public Optional<Setting> read(String text) {
      return FeatureGates.parse(text).map(gates -> new Setting.Text(FeatureGates.show(gates)));
    }

    @Override
    public String expected() {
      return "a list such as CompactHashCheck=true,InitialCorruptCheck=true";
    }
  }
}
