package io.quorate.coordinator.api.v1;

import java.util.List;

/** The preflight: named checks for each host. */
public record CheckReport(String cluster, String operation, List<Check> checks) {
  public CheckReport {
    checks = List.copyOf(checks);
  }

  public boolean passed() {
    return checks.stream().noneMatch(check -> check.result() == Result.FAIL);
  }

  public enum Result {
    PASS,
    WARN,
    FAIL,
    IGNORED
  }

  /** The host is empty for what concerns the cluster as a whole; the code when it passed. */
  public record Check(
      String host, String name, Result result, String code, String detail, String remedy) {}
}
