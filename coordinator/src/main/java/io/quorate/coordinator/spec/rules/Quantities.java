package io.quorate.coordinator.spec.rules;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time and sizes as people write them: 100ms, 10s, 1h30m, 7d; 512MiB, 8GiB. */
public final class Quantities {
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9}(ms|s|m|h|d))+");
  private static final Pattern SPAN_PART = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})(KiB|MiB|GiB|TiB)?");
  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
  private static final int LONGEST = 40;
  private static final String[] UNITS = {"TiB", "GiB", "MiB", "KiB"};

  private Quantities() {}

  public static Optional<Duration> span(String text) {
    if (text.length() > LONGEST || !SPAN.matcher(text).matches()) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    Matcher part = SPAN_PART.matcher(text);
    while (part.find()) {
      long amount = Long.parseLong(part.group(1));
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
              });
    }
    return Optional.of(sum);
  }

  /** Bytes, or a whole number of the binary units. Empty as well for what does not fit 63 bits. */
  public static Optional<Long> size(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (text.length() > LONGEST || !matcher.matches()) {
      return Optional.empty();
    }
    String unit = matcher.group(2);
    try {
      return Optional.of(
          Math.multiplyExact(Long.parseLong(matcher.group(1)), factor(unit == null ? "" : unit)));
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  /**
   * Plain decimal digits only; every octal, hexadecimal or float spelling is somebody's surprise.
   */
  public static Optional<Long> whole(String text) {
    return WHOLE.matcher(text).matches() ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  private static long factor(String unit) {
    return switch (unit) {
      case "KiB" -> 1L << 10;
      case "MiB" -> 1L << 20;
      case "GiB" -> 1L << 30;
      case "TiB" -> 1L << 40;
      default -> 1L;
    };
  }

  /** The shortest exact spelling, one that {@link #span} reads back. */
  public static String show(Duration span) {
    if (span.isZero()) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    part(text, span.toDays(), "d");
    part(text, span.toHoursPart(), "h");
    part(text, span.toMinutesPart(), "m");
    part(text, span.toSecondsPart(), "s");
    part(text, span.toMillisPart(), "ms");
    return text.toString();
  }

  private static void part(StringBuilder text, long amount, String unit) {
    if (amount > 0) {
      text.append(amount).append(unit);
    }
  }

  /** In the largest unit that divides it, one that {@link #size} reads back. */
  public static String showSize(long bytes) {
    for (String unit : UNITS) {
      long factor = factor(unit);
      if (bytes >= factor && bytes % factor == 0) {
        return bytes / factor + unit;
      }
    }
    return Long.toString(bytes);
  }
}
