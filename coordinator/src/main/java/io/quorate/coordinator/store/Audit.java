package io.quorate.coordinator.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who did what, when, with what outcome: append only, each record chained to the last by hash, so
 * that an edit, a deletion or a change of order is found and named. When it cannot be written, the
 * action does not happen.
 */
public interface Audit {
  Entry append(Instant at, String who, String what, String subject, String outcome, String detail);

  List<Entry> list(long afterIndex, int limit);

  /**
   * Empty when every record follows from the last; otherwise the first one that does not, and why.
   */
  Optional<Broken> verify();

  /** The newest record's index and hash: kept elsewhere it shows a truncation. */
  Optional<Entry> head();

  record Entry(
      long index,
      Instant at,
      String who,
      String what,
      String subject,
      String outcome,
      String detail,
      String previousHash,
      String hash) {}

  record Broken(long index, String why) {}
}
