package io.quorate.coordinator.api.machine;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prometheus' text format: families in the order they were first named, samples within. */
final class Exposition {
  private record Family(String help, List<String> samples) {}

  private final Map<String, Family> families = new LinkedHashMap<>();

  /** A gauge; labels are names and values in turn. */
  void gauge(String name, String help, long value, String... labels) {
    add(name, help, Long.toString(value), labels);
  }

  void gauge(String name, String help, double value, String... labels) {
    if (Double.isFinite(value)) {
      add(
          name,
          help,
          new BigDecimal(value)
              .setScale(6, RoundingMode.HALF_UP)
              .stripTrailingZeros()
              .toPlainString(),
          labels);
    }
  }

  private void add(String name, String help, String value, String... labels) {
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
    families
        .computeIfAbsent(name, first -> new Family(help, new ArrayList<>()))
        .samples()
        .add(sample.toString());
  }

  String text() {
    StringBuilder text = new StringBuilder();
    families.forEach(
        (name, family) -> {
          text.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
          text.append("# TYPE ").append(name).append(" gauge\n");
          family.samples().forEach(sample -> text.append(sample).append('\n'));
        });
    return text.toString();
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
