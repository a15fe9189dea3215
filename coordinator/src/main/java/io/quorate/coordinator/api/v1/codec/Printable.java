package io.quorate.coordinator.api.v1.codec;

/** Keeps hostile input from reaching a terminal or a log line. */
final class Printable {
  private Printable() {}

  static String of(String text) {
    String cut = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    return cut.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
  }
}
