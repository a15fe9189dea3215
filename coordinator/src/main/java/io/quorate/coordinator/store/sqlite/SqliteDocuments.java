package io.quorate.coordinator.store.sqlite;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.wire.Durable;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.store.Documents;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

final class SqliteDocuments implements Documents {
  private final Database database;

  SqliteDocuments(Database database) {
    this.database = database;
  }

  @Override
  public HostConfig current(HostName host, long epoch) {
    return database.read(
        c -> {
          long generation =
              Sql.first(
                      c,
                      row -> row.getLong("generation"),
                      "SELECT generation FROM generations WHERE host = ?",
                      host.value())
                  .orElse(0L);
          List<MemberConfig> members =
              Sql.list(
                  c,
                  row -> issued(row).document(),
                  "SELECT * FROM documents WHERE host = ? ORDER BY cluster || '/' || member",
                  host.value());
          return new HostConfig(epoch, generation, members, HostConfig.empty(epoch).keepReleases());
        });
  }

  @Override
  public void issue(Map<HostName, MemberConfig> documents, Instant at) {
    database.write(
        c -> {
          for (Map.Entry<HostName, MemberConfig> one : documents.entrySet()) {
            issue(c, one.getKey(), one.getValue(), at);
          }
          return true;
        });
  }

  @Override
  public void forget(HostName host, MemberConfig.Id member, Instant at) {
    database.write(
        c -> {
          int dropped =
              Sql.update(
                  c,
                  "DELETE FROM documents WHERE host = ? AND cluster = ? AND member = ?",
                  host.value(),
                  member.cluster().value(),
                  member.member().value());
          if (dropped > 0) {
            raiseGeneration(c, host);
          }
          return true;
        });
  }

  @Override
  public Map<HostName, ClusterView.Issued> of(ClusterName cluster) {
    return database.read(
        c -> {
          Map<HostName, ClusterView.Issued> found = new TreeMap<>();
          Sql.list(
                  c,
                  row -> Map.entry(HostName.of(Sql.text(row, "host")), issued(row)),
                  "SELECT * FROM documents WHERE cluster = ?",
                  cluster.value())
              .forEach(one -> found.put(one.getKey(), one.getValue()));
          return found;
        });
  }

  @Override
  public boolean known(HostName host) {
    return database.read(
        c ->
            Sql.first(
                    c,
                    row -> row.getString("host"),
                    "SELECT host FROM unknown_documents WHERE host = ?",
                    host.value())
                .isEmpty());
  }

  @Override
  public void adopt(HostName host, HostConfig inForce, Instant at) {
    database.write(
        c -> {
          Sql.update(c, "DELETE FROM documents WHERE host = ?", host.value());
          Sql.update(
              c,
              """
              INSERT INTO generations (host, generation) VALUES (?, ?)
              ON CONFLICT (host) DO UPDATE SET generation = max(generation, excluded.generation)
              """,
              host.value(),
              inForce.generation());
          for (MemberConfig member : inForce.members()) {
            issue(c, host, member, at);
          }
          raiseGeneration(c, host);
          Sql.update(c, "DELETE FROM unknown_documents WHERE host = ?", host.value());
          return true;
        });
  }

  @Override
  public Optional<ClusterView.Issued> find(HostName host, MemberConfig.Id member) {
    return database.read(
        c ->
            Sql.first(
                c,
                SqliteDocuments::issued,
                "SELECT * FROM documents WHERE host = ? AND cluster = ? AND member = ?",
                host.value(),
                member.cluster().value(),
                member.member().value()));
  }

  private static void issue(Connection c, HostName host, MemberConfig document, Instant at)
      throws SQLException {
    long generation = raiseGeneration(c, host);
    Sql.update(
        c,
        """
        INSERT INTO documents (host, cluster, member, generation, issued, document)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (host, cluster, member) DO UPDATE SET generation = excluded.generation,
          issued = excluded.issued, document = excluded.document
        """,
        host.value(),
        document.id().cluster().value(),
        document.id().member().value(),
        generation,
        at,
        Durable.bytes(document));
  }

  private static long raiseGeneration(Connection c, HostName host) throws SQLException {
    return Sql.first(
            c,
            row -> row.getLong("generation"),
            """
            INSERT INTO generations (host, generation) VALUES (?, 1)
            ON CONFLICT (host) DO UPDATE SET generation = generation + 1 RETURNING generation
            """,
            host.value())
        .orElseThrow();
  }

  private static ClusterView.Issued issued(ResultSet row) throws SQLException {
    return new ClusterView.Issued(
        Durable.member(row.getBytes("document")),
        row.getLong("generation"),
        Sql.instant(row, "issued"));
  }
}
