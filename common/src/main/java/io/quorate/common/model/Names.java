package io.quorate.common.model;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.util.regex.Pattern;

/**
 * The one rule for every name: 1 to 40 lower-case letters, digits and inner dashes, a letter first.
 * Never normalised.
 */
final class Names {
  private static final Pattern LEGAL = Pattern.compile("[a-z]([a-z0-9-]{0,38}[a-z0-9])?");

  private Names() {}

  static void check(String kind, String value) {
    if (!LEGAL.matcher(value).matches()) {
      throw Problem.of(
              Code.Q1006,
              "%s name '%s' is not made of 1 to 40 lower-case letters, digits and dashes, a letter first"
                  .formatted(kind, printable(value)))
          .withRemedy("choose a name such as '" + kind + "-1'")
          .asException();
    }
  }

  /** Keeps hostile input from reaching a terminal or a log line. */
  static String printable(String value) {
    String cut = value.length() > 60 ? value.substring(0, 60) + "…" : value;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
