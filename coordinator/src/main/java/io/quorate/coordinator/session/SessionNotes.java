package io.quorate.coordinator.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.store.Journal;
import io.quorate.coordinator.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes down who joined and who was refused: events for people, and the audit trail. The same
 * refusal of the same subject is written once a minute, so that knocking does not fill the disk.
 */
final class SessionNotes {
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final int REMEMBERED = 1_000;

  private final Store store;
  private final InstantSource clock;
  private final Map<String, Instant> refused = new LinkedHashMap<>();

  SessionNotes(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Throws when the audit trail cannot be written; then what it is about must not happen. */
  void audited(String who, String what, String subject, String detail) {
    Instant now = clock.instant();
    store.audit().append(now, who, what, subject, "ok", detail);
    event(Journal.Severity.INFO, Optional.empty(), subject, what + ": " + detail);
  }

  void refused(String who, String what, String subject, Problem problem) {
    if (isNew(problem.code() + " " + what + " " + subject)) {
      store
          .audit()
          .append(clock.instant(), who, what, subject, problem.code().name(), problem.sentence());
      event(
          Journal.Severity.WARNING,
          Optional.of(problem.code()),
          subject,
          what + " refused: " + problem.sentence());
    }
  }

  /** Something that somebody must look into. */
  void alarm(String what, String subject, Problem problem) {
    store
        .audit()
        .append(
            clock.instant(),
            "coordinator",
            what,
            subject,
            problem.code().name(),
            problem.sentence());
    event(Journal.Severity.ERROR, Optional.of(problem.code()), subject, problem.sentence());
  }

  void event(Journal.Severity severity, Optional<Code> code, String subject, String text) {
    store
        .journal()
        .add(
            new Journal.Event(0, clock.instant(), Optional.empty(), severity, code, subject, text));
  }

  private synchronized boolean isNew(String key) {
    Instant now = clock.instant();
    Instant last = refused.remove(key);
    boolean quiet = last != null && !now.isBefore(last) && now.isBefore(last.plus(QUIET));
    refused.put(key, quiet ? last : now);
    if (refused.size() > REMEMBERED) {
      refused.remove(refused.keySet().iterator().next());
    }
    return !quiet;
  }
}
