package io.quorate.coordinator.cli.core;

/** What a script can tell without reading. Part of the contract; numbers are never reused. */
public enum ExitCode {
  DONE(0, "done, or nothing to do"),
  FAILED(1, "failed"),
  PENDING(2, "changes pending (plan --exit-code)"),
  UNHEALTHY(3, "unhealthy"),
  UNREACHABLE(4, "coordinator unreachable"),
  NOT_ALLOWED(5, "not allowed"),
  CONFLICT(6, "stale plan or conflict"),
  PREFLIGHT(7, "preflight failed"),
  STILL_RUNNING(8, "timed out, still running"),
  USAGE(64, "usage"),
  INTERRUPTED(130, "interrupted");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  public int number() {
    return number;
  }

  public String meaning() {
    return meaning;
  }

  /** For a refusal, by its code; codes that an older command line does not know are failures. */
  public static ExitCode of(String code) {
    return switch (code) {
      case "Q1401", "Q1402", "Q1205" -> UNREACHABLE;
      case "Q1302" -> NOT_ALLOWED;
      case "Q1304", "Q1305", "Q1307" -> CONFLICT;
      case "Q1313" -> PREFLIGHT;
      case "Q1403" -> STILL_RUNNING;
      case "Q1404", "Q1312" -> USAGE;
      default -> FAILED;
    };
  }
}
