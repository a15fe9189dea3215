package io.quorate.coordinator.api.v1;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What happened: events, audit entries, log lines. */
public final class ActivityView {
  private ActivityView() {}

  public enum Severity {
    INFO,
    WARNING,
    ERROR
  }

  /** Cluster and code may be empty. Ids rise. */
  public record Event(
      long id,
      Instant at,
      Severity severity,
      String cluster,
      String code,
      String subject,
      String text) {}

  /** Oldest first. */
  public record Events(List<Event> events) {
    public Events {
      events = List.copyOf(events);
    }
  }

  public record AuditEntry(
      long index,
      Instant at,
      String who,
      String what,
      String subject,
      String outcome,
      String detail,
      String hash) {}

  /** Oldest first. */
  public record AuditEntries(List<AuditEntry> entries) {
    public AuditEntries {
      entries = List.copyOf(entries);
    }
  }

  /**
   * The head is to be kept elsewhere: with it a truncation shows. Broken at is the first entry that
   * does not follow.
   */
  public record AuditVerdict(
      boolean intact, long entries, String headHash, Optional<Long> brokenAt, String why) {}

  public record MemberLog(String member, String host, List<String> lines) {
    public MemberLog {
      lines = List.copyOf(lines);
    }
  }

  public record Logs(String cluster, List<MemberLog> logs) {
    public Logs {
      logs = List.copyOf(logs);
    }
  }

  /** Who is asking, as the coordinator sees it, and what answers. */
  public record Self(String operator, String role, String coordinatorVersion) {}
}
