package io.quorate.coordinator.spec.rules;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The text of {@code feature-gates}, known from etcd 3.6 on. */
final class FeatureGates {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9]{0,60}");
  private static final int MOST = 50;

  private FeatureGates() {}

  static Optional<SortedMap<String, Boolean>> parse(String text) {
    SortedMap<String, Boolean> gates = new TreeMap<>();
    String[] parts = text.split(",", MOST);
    for (String part : parts) {
      String[] pair = part.strip().split("=", 2);
      boolean legal =
          pair.length == 2
              && NAME.matcher(pair[0]).matches()
              && (pair[1].equals("true") || pair[1].equals("false"));
      if (!legal || gates.put(pair[0], pair[1].equals("true")) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(gates);
  }

  static String show(SortedMap<String, Boolean> gates) {
    return String.join(
        ",", gates.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }
}
