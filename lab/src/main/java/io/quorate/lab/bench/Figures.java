package io.quorate.lab.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What a bench found: printed as it comes, and at its end as a table that goes into
 * docs/performance.md as it is.
 */
final class Figures {
  private final PrintStream out;
  private final List<Figure> all = new ArrayList<>();

  Figures(PrintStream out) {
    this.out = out;
  }

  /** Several measurements of one thing, in seconds, MiB, percent or whatever {@code unit} says. */
  record Figure(String what, List<Double> values, String unit, Wanted wanted, Reference reference) {
    Figure {
      values = List.copyOf(values);
    }

    /** The middle one; of an even number the worse of the two in the middle. */
    double value() {
      return median(values);
    }

    boolean met() {
      return value() <= wanted.most;
    }
  }

  /** The most that is acceptable. */
  record Wanted(double most) {
    static Wanted most(double most) {
      return new Wanted(most);
    }

    /** A figure to know, without a limit. */
    static Wanted nothing() {
      return new Wanted(Double.POSITIVE_INFINITY);
    }

    boolean named() {
      return most != Double.POSITIVE_INFINITY;
    }
  }

  /** The same thing done without Quorate, measured in the same run. */
  record Reference(String what, List<Double> values) {
    Reference {
      values = List.copyOf(values);
    }

    static Reference none() {
      return new Reference("", List.of());
    }
  }

  void add(Figure figure) {
    all.add(figure);
    out.printf(
        Locale.ROOT, "  %s: %s%n", figure.what, text(figure.value(), figure.unit) + spread(figure));
  }

  /** What is going on, for who waits. */
  void say(String words) {
    out.println(words);
  }

  /** Whether all are as wanted. */
  boolean met() {
    return all.stream().allMatch(Figure::met);
  }

  void printTable() {
    out.println();
    out.println("| what | measured | wanted | reference | ratio |");
    out.println("|---|---|---|---|---|");
    for (Figure figure : all) {
      List<Double> reference = figure.reference.values;
      out.printf(
          Locale.ROOT,
          "| %s | %s%s | %s | %s | %s |%n",
          figure.what,
          text(figure.value(), figure.unit) + spread(figure),
          figure.met() ? "" : " **missed**",
          figure.wanted.named() ? "≤ " + text(figure.wanted.most, figure.unit) : "",
          reference.isEmpty()
              ? ""
              : figure.reference.what + ": " + text(median(reference), figure.unit),
          reference.isEmpty()
              ? ""
              : String.format(Locale.ROOT, "%.1f", figure.value() / median(reference)));
    }
  }

  /** How long something takes, in seconds. */
  static double seconds(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return (System.nanoTime() - start) / 1e9;
  }

  /** Calls often enough for a median. */
  static List<Double> times(int count, Supplier<Double> measurement) {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(measurement.get());
    }
    return values;
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String spread(Figure figure) {
    if (figure.values.size() == 1) {
      return "";
    }
    double least = figure.values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    double most = figure.values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    return String.format(
        Locale.ROOT,
        " (%s–%s in %d)",
        number(least),
        text(most, figure.unit),
        figure.values.size());
  }

  private static String text(double value, String unit) {
    return number(value) + " " + unit;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
  }
}
