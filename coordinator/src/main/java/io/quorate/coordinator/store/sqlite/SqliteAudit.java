package io.quorate.coordinator.store.sqlite;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.store.Audit;
import io.quorate.coordinator.store.AuditChain;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The chain in a table whose triggers refuse to change or delete. The newest record is remembered
 * as well: when somebody cuts the table short behind a running coordinator's back, nothing more is
 * appended.
 */
final class SqliteAudit implements Audit {
  private static final int PAGE = 1000;

  private final Database database;
  private final AtomicReference<Optional<Entry>> written;

  SqliteAudit(Database database) {
    this.database = database;
    this.written = new AtomicReference<>(database.read(SqliteAudit::newest));
  }

  @Override
  public Entry append(
      Instant at, String who, String what, String subject, String outcome, String detail) {
    try {
      Entry appended =
          database.write(
              c -> {
                Optional<Entry> head = newest(c);
                refuseTruncation(head);
                Entry entry = AuditChain.next(head, at, who, what, subject, outcome, detail);
                insert(c, entry);
                return entry;
              });
      written.accumulateAndGet(
          Optional.of(appended), (one, other) -> index(one) > index(other) ? one : other);
      return appended;
    } catch (QuorateException e) {
      throw notRecorded(what, e);
    }
  }

  @Override
  public List<Entry> list(long afterIndex, int limit) {
    return database.read(c -> page(c, afterIndex, limit));
  }

  @Override
  public Optional<Broken> verify() {
    return database.read(
        c -> {
          AuditChain.Verifier verifier = new AuditChain.Verifier();
          long last = Long.MIN_VALUE;
          while (true) {
            List<Entry> page = page(c, last, PAGE);
            if (page.isEmpty()) {
              return Optional.empty();
            }
            for (Entry entry : page) {
              Optional<Broken> broken = verifier.follow(entry);
              if (broken.isPresent()) {
                return broken;
              }
            }
            last = page.getLast().index();
          }
        });
  }

  @Override
  public Optional<Entry> head() {
    return database.read(SqliteAudit::newest);
  }

  private static QuorateException notRecorded(String what, QuorateException why) {
    Problem problem =
        Problem.of(Code.Q1310, "'%s' cannot be recorded, so it is not done".formatted(what))
            .withCause(why.problem().sentence())
            .withState("nothing was changed");
    for (String cause : why.problem().causes()) {
      problem = problem.withCause(cause);
    }
    for (String remedy : why.problem().remedies()) {
      problem = problem.withRemedy(remedy);
    }
    return new QuorateException(problem, why);
  }

  /** The table may be ahead by records whose writers have not come back yet, never behind. */
  private void refuseTruncation(Optional<Entry> head) {
    Optional<Entry> known = written.get();
    boolean follows =
        index(head) > index(known) || (index(head) == index(known) && head.equals(known));
    if (!follows) {
      throw Problem.of(Code.Q1309, "the end of the audit trail is not the record written last")
          .withRemedy("quorate audit")
          .asException();
    }
  }

  private static long index(Optional<Entry> entry) {
    return entry.map(Entry::index).orElse(0L);
  }

  private static void insert(Connection connection, Entry entry) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO audit (number, at, who, what, subject, outcome, detail, previous_hash, hash)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        entry.index(),
        entry.at(),
        entry.who(),
        entry.what(),
        entry.subject(),
        entry.outcome(),
        entry.detail(),
        entry.previousHash(),
        entry.hash());
  }

  private static List<Entry> page(Connection connection, long after, int limit)
      throws SQLException {
    return Sql.list(
        connection,
        SqliteAudit::entry,
        "SELECT * FROM audit WHERE number > ? ORDER BY number LIMIT ?",
        after,
        limit);
  }

  private static Optional<Entry> newest(Connection connection) throws SQLException {
    return Sql.first(
        connection, SqliteAudit::entry, "SELECT * FROM audit ORDER BY number DESC LIMIT 1");
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        row.getLong("number"),
        Sql.instant(row, "at"),
        Sql.text(row, "who"),
        Sql.text(row, "what"),
        Sql.text(row, "subject"),
        Sql.text(row, "outcome"),
        Sql.text(row, "detail"),
        Sql.text(row, "previous_hash"),
        Sql.text(row, "hash"));
  }
}
