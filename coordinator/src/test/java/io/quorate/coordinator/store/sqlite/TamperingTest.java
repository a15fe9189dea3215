package io.quorate.coordinator.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.store.Audit;
import io.quorate.coordinator.store.AuditChain;
import io.quorate.coordinator.store.Samples;
import io.quorate.coordinator.store.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R15: whoever edits, deletes or reorders records of the audit trail is found out. */
class TamperingTest {
  private static final String NO_TRIGGERS =
      """
      DROP TRIGGER audit_is_appended;
      DROP TRIGGER audit_is_not_changed;
      DROP TRIGGER audit_is_not_deleted;
      """;

  @TempDir Path temporary;
  private Store store;

  @BeforeEach
  void tenRecords() {
    store = SqliteStore.open(temporary.resolve("data"));
    for (int i = 1; i <= 10; i++) {
      store.audit().append(Samples.NOW, "ada", "apply", "prod", "allowed", "revision " + i);
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void tamper(String sql) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + temporary.resolve("data/quorate.db"))) {
      Sql.run(connection, sql);
    }
  }

  private long firstBad() {
    return store.audit().verify().map(Audit.Broken::index).orElse(0L);
  }

  @Test
  void theTableRefuses() {
    for (String sql :
        new String[] {
          "UPDATE audit SET who = 'eve' WHERE number = 4",
          "DELETE FROM audit WHERE number = 4",
          "DELETE FROM audit",
          "INSERT INTO audit SELECT 4, at, who, what, subject, outcome, detail, previous_hash, hash"
              + " FROM audit WHERE number = 5",
          "INSERT OR REPLACE INTO audit SELECT number, at, 'eve', what, subject, outcome, detail,"
              + " previous_hash, hash FROM audit WHERE number = 4",
          "INSERT INTO audit SELECT 12, at, who, what, subject, outcome, detail, previous_hash,"
              + " hash FROM audit WHERE number = 5"
        }) {
      SQLException refused = assertThrows(SQLException.class, () -> tamper(sql), sql);
      assertTrue(String.valueOf(refused.getMessage()).contains("append only"), sql);
    }
    assertEquals(Optional.empty(), store.audit().verify());
  }

  @Test
  void anEditIsFound() throws Exception {
    for (String column : new String[] {"who", "what", "subject", "outcome", "detail"}) {
      tamper(NO_TRIGGERS.replace("DROP TRIGGER", "DROP TRIGGER IF EXISTS"));
      tamper("UPDATE audit SET %s = %s || 'x' WHERE number = 4".formatted(column, column));
      assertEquals(4, firstBad(), column);
      tamper(
          "UPDATE audit SET %s = substr(%s, 1, length(%s) - 1) WHERE number = 4"
              .formatted(column, column, column));
      assertEquals(0, firstBad(), column);
    }
    tamper("UPDATE audit SET at = '2020-01-01T00:00:00.000000000Z' WHERE number = 1");
    assertEquals(1, firstBad());
  }

  @Test
  void textMovedFromOneFieldToTheNextIsFound() throws Exception {
    tamper(NO_TRIGGERS + "UPDATE audit SET who = 'ad', what = 'aapply' WHERE number = 7");
    assertEquals(7, firstBad());
  }

  @Test
  void anEditWithItsHashMadeAnewIsFoundAtTheNext() throws Exception {
    Audit.Entry entry = store.audit().list(3, 1).getFirst();
    Audit.Entry forged =
        AuditChain.next(
            store.audit().list(2, 1).stream().findFirst(),
            entry.at(),
            "eve",
            entry.what(),
            entry.subject(),
            entry.outcome(),
            entry.detail());
    tamper(
        NO_TRIGGERS
            + "UPDATE audit SET who = 'eve', hash = '%s' WHERE number = 4"
                .formatted(forged.hash()));
    assertEquals(5, firstBad());
  }

  @Test
  void aDeletionIsFound() throws Exception {
    tamper(NO_TRIGGERS + "DELETE FROM audit WHERE number IN (6, 8)");
    assertEquals(6, firstBad());
  }

  @Test
  void aDeletionWithTheRestMovedUpIsFound() throws Exception {
    tamper(
        NO_TRIGGERS + "DELETE FROM audit WHERE number = 1; UPDATE audit SET number = number - 1;");
    assertEquals(1, firstBad());
  }

  @Test
  void aChangeOfOrderIsFound() throws Exception {
    tamper(
        NO_TRIGGERS
            + """
            UPDATE audit SET number = 99 WHERE number = 3;
            UPDATE audit SET number = 3 WHERE number = 4;
            UPDATE audit SET number = 4 WHERE number = 99;
            """);
    assertEquals(3, firstBad());
  }

  @Test
  void afterATruncationNothingIsAppended() throws Exception {
    tamper(NO_TRIGGERS + "DELETE FROM audit WHERE number > 8");
    QuorateException refused =
        assertThrows(
            QuorateException.class,
            () -> store.audit().append(Samples.NOW, "eve", "delete", "prod", "allowed", ""));
    assertEquals(Code.Q1310, refused.problem().code());
    assertEquals(8, store.audit().head().orElseThrow().index());
  }

  @Test
  void whatCannotBeRecordedIsNotDone() throws Exception {
    tamper("DROP TABLE audit");
    QuorateException refused =
        assertThrows(
            QuorateException.class,
            () -> store.audit().append(Samples.NOW, "ada", "delete", "prod", "allowed", ""));
    assertEquals(Code.Q1310, refused.problem().code());
  }
}
