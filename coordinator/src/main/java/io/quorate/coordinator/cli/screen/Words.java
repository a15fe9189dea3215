package io.quorate.coordinator.cli.screen;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Numbers and times as people say them. */
public final class Words {
  private static final String[] UNITS = {"B", "K", "M", "G", "T", "P"};

  private Words() {}

  /** 1.2G, in powers of 1024. */
  public static String size(long bytes) {
    if (bytes < 0) {
      return "-";
    }
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    boolean whole = unit == 0 || value >= 100 || value == Math.rint(value);
    return String.format(Locale.ROOT, whole ? "%.0f%s" : "%.1f%s", value, UNITS[unit]);
  }

  /** The largest unit alone: 12s, 4m, 3h, 6d. */
  public static String rough(Duration duration) {
    long seconds = Math.abs(duration.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 7200) {
      return seconds / 60 + "m";
    }
    return seconds < 172_800 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
  }

  /** 4m12s. */
  public static String exact(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return "%dm%02ds".formatted(seconds / 60, seconds % 60);
    }
    return "%dh%02dm".formatted(seconds / 3600, seconds / 60 % 60);
  }

  /** 00:21, or 1:02:03. */
  public static String clock(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    return seconds < 3600
        ? "%02d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /** To the second; the exact one is in the other formats. */
  public static String time(Instant instant) {
    return instant.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
  }

  public static String ago(Instant then, Instant now) {
    return rough(Duration.between(then, now)) + " ago";
  }

  public static String ago(Optional<Instant> then, Instant now) {
    return then.map(each -> ago(each, now)).orElse("never");
  }

  /** Until then: 88d, or expired. */
  public static String left(Optional<Instant> then, Instant now) {
    return then.map(each -> each.isBefore(now) ? "expired" : rough(Duration.between(now, each)))
        .orElse("-");
  }

  /** 6ms, 1.5s. */
  public static String latency(Optional<Double> seconds) {
    if (seconds.isEmpty()) {
      return "-";
    }
    double millis = seconds.get() * 1000;
    if (millis >= 1000) {
      return String.format(Locale.ROOT, "%.1fs", millis / 1000);
    }
    return millis < 1 ? "<1ms" : "%dms".formatted(Math.round(millis));
  }

  public static String percent(long part, long whole) {
    return whole <= 0 ? "-" : Math.round(100.0 * part / whole) + "%";
  }

  public static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }
}
