package io.quorate.coordinator.store.sqlite;

import io.quorate.coordinator.store.Operators;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class SqliteOperators implements Operators {
  private final Database database;

  SqliteOperators(Database database) {
    this.database = database;
  }

  @Override
  public List<Operator> list() {
    return database.read(
        c -> Sql.list(c, SqliteOperators::operator, "SELECT * FROM operators ORDER BY number"));
  }

  @Override
  public Optional<Operator> find(String serial) {
    return database.read(
        c ->
            Sql.first(
                c, SqliteOperators::operator, "SELECT * FROM operators WHERE serial = ?", serial));
  }

  @Override
  public void save(Operator operator) {
    database.write(
        c ->
            Sql.update(
                c,
                """
                INSERT INTO operators (serial, name, role, added, added_by, not_after, revoked)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (serial) DO UPDATE SET name = excluded.name, role = excluded.role,
                  added = excluded.added, added_by = excluded.added_by,
                  not_after = excluded.not_after, revoked = excluded.revoked
                """,
                operator.serial(),
                operator.name(),
                operator.role(),
                operator.added(),
                operator.by(),
                operator.notAfter(),
                operator.revoked()));
  }

  private static Operator operator(ResultSet row) throws SQLException {
    return new Operator(
        Sql.text(row, "serial"),
        Sql.text(row, "name"),
        Sql.text(row, "role"),
        Sql.instant(row, "added"),
        Sql.text(row, "added_by"),
        Sql.instant(row, "not_after"),
        Optional.ofNullable(row.getString("revoked")).map(Instant::parse));
  }
}
