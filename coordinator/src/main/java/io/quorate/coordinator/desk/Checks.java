package io.quorate.coordinator.desk;

import io.quorate.coordinator.api.v1.CheckReport.Check;
import io.quorate.coordinator.api.v1.CheckReport.Result;
import io.quorate.coordinator.plan.Hold;

/** One named check of one host, as a result with its code and what to do. */
final class Checks {
  private Checks() {}

  /**
   * A fact of a host's own check is RESULT, or RESULT CODE detail; the name tells what was looked
   * at.
   */
  static Check said(String host, String name, String fact) {
    String[] parts = fact.split(" ", 3);
    Result result =
        switch (parts[0]) {
          case "PASS" -> Result.PASS;
          case "WARN" -> Result.WARN;
          default -> Result.FAIL;
        };
    boolean coded = parts.length > 1 && parts[1].matches("Q\\d{4}");
    String code = coded ? parts[1] : "";
    int skip = parts[0].length() + (coded ? parts[1].length() + 1 : 0);
    String detail = fact.substring(Math.min(fact.length(), skip)).strip();
    return new Check(
        host, name, result, code, detail, result == Result.FAIL ? remedy(host, code) : "");
  }

  /** Agents tell what they found; what to do about it is for whoever asked. */
  private static String remedy(String host, String code) {
    return switch (code) {
      case "Q2010" ->
          "on %s: ss -ltnp tells who has it; free it or choose other ports".formatted(host);
      case "Q2011", "Q2012" ->
          "on %s: move it aside, or choose another directory (paths)".formatted(host);
      case "Q2014" -> "on %s: make room, or choose another disk (paths)".formatted(host);
      case "Q2022" -> "on %s: systemd-sysusers makes the user".formatted(host);
      default -> code.isEmpty() ? "" : "quorate explain " + code;
    };
  }

  static Check passed(String host, String name, String detail) {
    return new Check(host, name, Result.PASS, "", detail, "");
  }

  static Check warned(String host, String name, Hold hold) {
    return new Check(host, name, Result.WARN, hold.code().name(), hold.sentence(), hold.remedy());
  }

  static Check failed(String host, String name, Hold hold) {
    return new Check(host, name, Result.FAIL, hold.code().name(), hold.sentence(), hold.remedy());
  }

  static Check ignored(Check check) {
    return check.result() == Result.PASS
        ? check
        : new Check(
            check.host(),
            check.name(),
            Result.IGNORED,
            check.code(),
            check.detail(),
            check.remedy());
  }
}
