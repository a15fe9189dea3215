package io.quorate.coordinator.store.sqlite;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.files.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables, as the steps that made them. A file remembers which of them it has been through; the
 * rest run, each in a transaction, when it is opened. Steps are only ever added. Before a file that
 * holds data is brought up to date, a copy of it is laid beside it, because there is no way back.
 */
record Schema(List<String> steps) {
  private static final String FIRST =
      """
      CREATE TABLE counters (
        name TEXT PRIMARY KEY,
        value INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE hosts (
        name TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        current_serial TEXT NOT NULL,
        next_serial TEXT,
        left_behind TEXT NOT NULL,
        joined TEXT NOT NULL,
        revoked TEXT
      ) STRICT;

      CREATE TABLE tokens (
        sha256 TEXT PRIMARY KEY,
        host TEXT,
        created TEXT NOT NULL,
        expires TEXT NOT NULL,
        made_by TEXT NOT NULL
      ) STRICT;

      CREATE TABLE clusters (
        name TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        intent TEXT NOT NULL,
        applied INTEGER NOT NULL,
        deleting INTEGER NOT NULL,
        changed TEXT NOT NULL,
        changed_by TEXT NOT NULL
      ) STRICT;

      -- Outlives its cluster; one made anew under the same name counts its revisions again.
      CREATE TABLE revisions (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        cluster TEXT NOT NULL,
        revision INTEGER NOT NULL,
        text TEXT NOT NULL,
        changed TEXT NOT NULL,
        changed_by TEXT NOT NULL
      ) STRICT;
      CREATE INDEX revisions_of_cluster ON revisions (cluster, number);

      CREATE TABLE generations (
        host TEXT PRIMARY KEY,
        generation INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE documents (
        host TEXT NOT NULL REFERENCES generations (host),
        cluster TEXT NOT NULL,
        member TEXT NOT NULL,
        generation INTEGER NOT NULL,
        issued TEXT NOT NULL,
        document BLOB NOT NULL,
        PRIMARY KEY (host, cluster, member)
      ) STRICT;
      CREATE INDEX documents_of_cluster ON documents (cluster);

      CREATE TABLE operations (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        host TEXT NOT NULL,
        cluster TEXT,
        member TEXT,
        sent TEXT NOT NULL,
        operation BLOB NOT NULL,
        outcome BLOB,
        finished TEXT
      ) STRICT;
      CREATE INDEX operations_open ON operations (host) WHERE outcome IS NULL;
      CREATE INDEX operations_of_cluster ON operations (cluster);

      CREATE TABLE releases (
        sha256 TEXT PRIMARY KEY,
        version TEXT NOT NULL,
        architecture TEXT NOT NULL,
        size INTEGER NOT NULL,
        added TEXT NOT NULL,
        added_by TEXT NOT NULL
      ) STRICT;

      CREATE TABLE executables (
        release TEXT NOT NULL REFERENCES releases (sha256) ON DELETE CASCADE,
        name TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (release, name)
      ) STRICT;

      -- 64-bit ids are kept as hex; SQLite's integers are signed.
      CREATE TABLE snapshots (
        id TEXT PRIMARY KEY,
        cluster TEXT NOT NULL,
        member TEXT NOT NULL,
        version TEXT NOT NULL,
        cluster_id TEXT NOT NULL,
        saved TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        keys INTEGER NOT NULL,
        hash INTEGER NOT NULL,
        verified TEXT,
        drilled TEXT
      ) STRICT;
      CREATE INDEX snapshots_of_cluster ON snapshots (cluster, saved);

      CREATE TABLE plans (
        id TEXT PRIMARY KEY,
        cluster TEXT NOT NULL,
        text TEXT NOT NULL,
        based_on INTEGER NOT NULL,
        made TEXT NOT NULL,
        made_by TEXT NOT NULL
      ) STRICT;

      CREATE TABLE rollouts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        cluster TEXT NOT NULL,
        title TEXT NOT NULL,
        from_revision INTEGER NOT NULL,
        to_revision INTEGER NOT NULL,
        state TEXT NOT NULL,
        started TEXT NOT NULL,
        ended TEXT,
        started_by TEXT NOT NULL,
        planned_steps INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX rollouts_of_cluster ON rollouts (cluster, id);

      CREATE TABLE steps (
        rollout INTEGER NOT NULL REFERENCES rollouts (id),
        number INTEGER NOT NULL,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        text TEXT NOT NULL,
        state TEXT NOT NULL,
        started TEXT NOT NULL,
        ended TEXT,
        outcome TEXT NOT NULL,
        PRIMARY KEY (rollout, number)
      ) STRICT;

      CREATE TABLE events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        cluster TEXT,
        severity TEXT NOT NULL,
        code TEXT,
        subject TEXT NOT NULL,
        text TEXT NOT NULL
      ) STRICT;
      CREATE INDEX events_of_cluster ON events (cluster, id);

      CREATE TABLE audit (
        number INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        what TEXT NOT NULL,
        subject TEXT NOT NULL,
        outcome TEXT NOT NULL,
        detail TEXT NOT NULL,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL
      ) STRICT;
      CREATE TRIGGER audit_is_appended BEFORE INSERT ON audit
        WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM audit)
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END;
      CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END;
      CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append only'); END;
      """;

  private static final String UNKNOWN_DOCUMENTS =
      """
      CREATE TABLE unknown_documents (
        host TEXT PRIMARY KEY
      ) STRICT;
      """;

  private static final String OPERATORS =
      """
      CREATE TABLE operators (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        serial TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        added TEXT NOT NULL,
        added_by TEXT NOT NULL,
        not_after TEXT NOT NULL,
        revoked TEXT
      ) STRICT;
      """;

  private static final String DRILLS =
      """
      ALTER TABLE snapshots ADD COLUMN drill_millis INTEGER;
      ALTER TABLE snapshots ADD COLUMN live_keys INTEGER;
      ALTER TABLE snapshots ADD COLUMN live_hash INTEGER;
      ALTER TABLE snapshots ADD COLUMN live_compacted INTEGER;
      """;

  static final Schema CURRENT = new Schema(List.of(FIRST, UNKNOWN_DOCUMENTS, OPERATORS, DRILLS));

  Schema {
    steps = List.copyOf(steps);
  }

  void prepare(Connection connection, Path file) throws SQLException {
    Sql.run(
        connection,
        """
        CREATE TABLE IF NOT EXISTS migrations (
          version INTEGER PRIMARY KEY,
          at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ'))
        ) STRICT;
        """);
    int version = version(connection);
    if (version > steps.size()) {
      throw Problem.of(
              Code.Q1315,
              "the store %s was written by a newer coordinator (schema %d, this one knows %d)"
                  .formatted(file, version, steps.size()))
          .withState("nothing was changed")
          .withRemedy(
              "run the newer coordinator, or lay back the copy that it made beside the file")
          .asException();
    }
    refuseDamage(connection, file);
    if (version > 0 && version < steps.size()) {
      keepCopy(connection, file, version);
    }
    for (int step = version; step < steps.size(); step++) {
      Sql.run(connection, "BEGIN IMMEDIATE");
      Sql.run(connection, steps.get(step));
      Sql.update(connection, "INSERT INTO migrations (version) VALUES (?)", step + 1);
      Sql.run(connection, "COMMIT");
    }
  }

  private static int version(Connection connection) throws SQLException {
    return Sql.first(
            connection, row -> row.getInt(1), "SELECT coalesce(max(version), 0) FROM migrations")
        .orElse(0);
  }

  private static void refuseDamage(Connection connection, Path file) throws SQLException {
    List<String> found =
        Sql.list(connection, row -> Sql.text(row, "quick_check"), "PRAGMA quick_check(3)");
    if (!found.equals(List.of("ok"))) {
      throw Problem.of(Code.Q1315, "the store %s is damaged".formatted(file))
          .withCause(String.join("; ", found))
          .withState("nothing was changed")
          .withRemedy("stop the coordinator and lay back a backup of its data directory")
          .asException();
    }
  }

  private static void keepCopy(Connection connection, Path file, int version) throws SQLException {
    Path copy = file.resolveSibling(file.getFileName() + ".schema-" + version);
    Path partial = file.resolveSibling(copy.getFileName() + ".partial");
    try {
      Files.deleteIfExists(partial);
      PrivateFiles.create(partial).close();
      Sql.update(connection, "VACUUM INTO ?", partial.toString());
      PrivateFiles.publish(partial, copy);
    } catch (IOException e) {
      throw new SQLException("the copy %s cannot be made".formatted(copy), e);
    }
  }
}
