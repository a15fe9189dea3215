package io.quorate.coordinator.api.machine;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prometheus' text format: families in the order they were first named, samples within. */
final class Exposition {
  private record Family(String type, String help, List<String> samples) {}

  private final Map<String, Family> families = new LinkedHashMap<>();

  /** A gauge; labels are names and values in turn. */
  void gauge(String name, String help, long value, String... labels) {
    add(name, help, Long.toString(value), labels);
  }

  void gauge(String name, String help, double value, String... labels) {
    if (Double.isFinite(value)) {
      add(name, help, plain(value), labels);
    }
  }

  /** Counted since the coordinator began. */
  void counter(String name, String help, long value, String... labels) {
    add(family(name, "counter", help), name, Long.toString(value), labels);
  }

  /**
   * @param counts each observation once, by the first of the bounds that it is not above; the last
   *     count is of those beyond all bounds
   */
  void histogram(
      String name, String help, Buckets buckets, List<Long> counts, double sum, String... labels) {
    Family family = family(name, "histogram", help);
    long cumulative = 0;
    for (int i = 0; i < counts.size(); i++) {
      cumulative += counts.get(i);
      String[] more = Arrays.copyOf(labels, labels.length + 2);
      more[labels.length] = "le";
      more[labels.length + 1] =
          i < buckets.bounds().size() ? plain(buckets.bounds().get(i)) : "+Inf";
      add(family, name + "_bucket", Long.toString(cumulative), more);
    }
    add(family, name + "_sum", plain(sum), labels);
    add(family, name + "_count", Long.toString(cumulative), labels);
  }

  /** The upper bounds of a histogram's buckets but the last, in base units. */
  record Buckets(List<Double> bounds) {
    Buckets {
      bounds = List.copyOf(bounds);
    }
  }

  private static String plain(double value) {
    return new BigDecimal(value)
        .setScale(6, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  private void add(String name, String help, String value, String... labels) {
    add(family(name, "gauge", help), name, value, labels);
  }

  private Family family(String name, String type, String help) {
    return families.computeIfAbsent(name, first -> new Family(type, help, new ArrayList<>()));
  }

  private static void add(Family family, String name, String value, String... labels) {
    StringBuilder sample = new StringBuilder(name);
    for (int i = 0; i < labels.length; i += 2) {
      sample
          .append(i == 0 ? '{' : ',')
          .append(labels[i])
          .append("=\"")
          .append(escaped(labels[i + 1]))
          .append('"');
    }
    sample.append(labels.length > 0 ? "} " : " ").append(value);
    family.samples().add(sample.toString());
  }

  String text() {
    StringBuilder text = new StringBuilder();
    families.forEach(
        (name, family) -> {
          text.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
          text.append("# TYPE ").append(name).append(' ').append(family.type()).append('\n');
          family.samples().forEach(sample -> text.append(sample).append('\n'));
        });
    return text.toString();
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
