package io.quorate.coordinator.store.sqlite;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.wire.Durable;
import io.quorate.coordinator.store.Operations;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class SqliteOperations implements Operations {
  private final Database database;

  SqliteOperations(Database database) {
    this.database = database;
  }

  @Override
  public void add(Sent sent) {
    database.write(
        c -> {
          String id = sent.operation().id();
          if (Sql.first(c, row -> 1, "SELECT 1 FROM operations WHERE id = ?", id).isPresent()) {
            throw new IllegalStateException("operation id used twice");
          }
          return Sql.update(
              c,
              """
              INSERT INTO operations (id, kind, host, cluster, member, sent, operation, outcome, finished)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
              """,
              id,
              sent.operation().task().getClass().getSimpleName(),
              sent.host().value(),
              sent.cluster().map(ClusterName::value),
              sent.member().map(MemberName::value),
              sent.at(),
              Durable.bytes(sent.operation()),
              sent.outcome().map(Durable::bytes),
              sent.finished());
        });
  }

  @Override
  public boolean finish(OperationOutcome outcome, Instant at) {
    return database.write(
            c ->
                Sql.update(
                    c,
                    """
                    UPDATE operations SET outcome = ?, finished = ? WHERE id = ? AND outcome IS NULL
                    """,
                    Durable.bytes(outcome),
                    at,
                    outcome.operationId()))
        > 0;
  }

  @Override
  public Optional<Sent> find(String id) {
    return database.read(
        c -> Sql.first(c, SqliteOperations::sent, "SELECT * FROM operations WHERE id = ?", id));
  }

  @Override
  public void forget(String id) {
    database.write(c -> Sql.update(c, "DELETE FROM operations WHERE id = ?", id));
  }

  @Override
  public void forgetFinished(Instant before) {
    database.write(c -> Sql.update(c, "DELETE FROM operations WHERE finished < ?", before));
  }

  @Override
  public List<Sent> open(HostName host) {
    return database.read(
        c ->
            Sql.list(
                c,
                SqliteOperations::sent,
                "SELECT * FROM operations WHERE host = ? AND outcome IS NULL ORDER BY number",
                host.value()));
  }

  @Override
  public List<Sent> of(ClusterName cluster) {
    return database.read(
        c ->
            Sql.list(
                c,
                SqliteOperations::sent,
                "SELECT * FROM operations WHERE cluster = ? ORDER BY number",
                cluster.value()));
  }

  private static Sent sent(ResultSet row) throws SQLException {
    return new Sent(
        Durable.operation(row.getBytes("operation")),
        HostName.of(Sql.text(row, "host")),
        Sql.optional(row, "cluster", ClusterName::of),
        Sql.optional(row, "member", MemberName::of),
        Sql.instant(row, "sent"),
        Optional.ofNullable(row.getBytes("outcome")).map(Durable::outcome),
        Sql.optional(row, "finished", Instant::parse));
  }
}
