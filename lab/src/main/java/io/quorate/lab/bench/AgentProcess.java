package io.quorate.lab.bench;

import io.quorate.lab.LabHost;
import java.util.List;
import java.util.regex.Pattern;

/** A host's agent as the kernel sees it. */
record AgentProcess(LabHost host, String id) {
  private static final double TICKS_PER_SECOND = 100;
  private static final Pattern SPACE = Pattern.compile(" ");
  private static final int USER_TIME = 11;

  static AgentProcess of(LabHost host) {
    return new AgentProcess(
        host, host.run("systemctl", "show", "-P", "MainPID", "quorate-agent").orThrow());
  }

  double residentMebibytes() {
    String kibibytes =
        host.run("sed", "-n", "s/^VmRSS:[^0-9]*\\([0-9]*\\).*/\\1/p", "/proc/" + id + "/status")
            .orThrow();
    return Double.parseDouble(kibibytes) / 1024;
  }

  /** Used since its start, by itself and in the kernel for it. */
  double processorSeconds() {
    String stat = host.run("cat", "/proc/" + id + "/stat").orThrow();
    List<String> fields = SPACE.splitAsStream(stat.substring(stat.lastIndexOf(')') + 2)).toList();
    long ticks = Long.parseLong(fields.get(USER_TIME)) + Long.parseLong(fields.get(USER_TIME + 1));
    return ticks / TICKS_PER_SECOND;
  }
}
