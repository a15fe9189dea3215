package io.quorate.coordinator.store.sqlite;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.store.Snapshots;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class SqliteSnapshots implements Snapshots {
  private final Database database;

  SqliteSnapshots(Database database) {
    this.database = database;
  }

  @Override
  public List<Snapshot> list(ClusterName cluster) {
    return database.read(
        c ->
            Sql.list(
                c,
                SqliteSnapshots::snapshot,
                "SELECT * FROM snapshots WHERE cluster = ? ORDER BY saved DESC, id",
                cluster.value()));
  }

  @Override
  public Optional<Snapshot> find(String id) {
    return database.read(
        c -> Sql.first(c, SqliteSnapshots::snapshot, "SELECT * FROM snapshots WHERE id = ?", id));
  }

  @Override
  public void save(Snapshot snapshot) {
    database.write(
        c -> {
          Sql.update(c, "DELETE FROM snapshots WHERE id = ?", snapshot.id());
          return Sql.update(
              c,
              """
              INSERT INTO snapshots (id, cluster, member, version, cluster_id, saved, sha256, size,
                revision, keys, hash, verified, drilled, drill_millis, live_keys, live_hash,
                live_compacted)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
              """,
              snapshot.id(),
              snapshot.cluster().value(),
              snapshot.origin().member().value(),
              snapshot.origin().version().toString(),
              Long.toHexString(snapshot.origin().clusterId()),
              snapshot.at(),
              snapshot.sha256(),
              snapshot.size(),
              snapshot.content().revision(),
              snapshot.content().keys(),
              snapshot.content().hash(),
              snapshot.verified(),
              snapshot.drilled().map(Drill::at),
              snapshot.drilled().map(d -> d.took().toMillis()),
              snapshot.content().live().map(Live::keys),
              snapshot.content().live().map(Live::hash),
              snapshot.content().live().map(Live::compacted));
        });
  }

  @Override
  public void remove(String id) {
    database.write(c -> Sql.update(c, "DELETE FROM snapshots WHERE id = ?", id));
  }

  private static Snapshot snapshot(ResultSet row) throws SQLException {
    return new Snapshot(
        Sql.text(row, "id"),
        ClusterName.of(Sql.text(row, "cluster")),
        new Origin(
            MemberName.of(Sql.text(row, "member")),
            EtcdVersion.parse(Sql.text(row, "version")),
            Long.parseUnsignedLong(Sql.text(row, "cluster_id"), 16)),
        Sql.instant(row, "saved"),
        Sql.text(row, "sha256"),
        row.getLong("size"),
        new Content(row.getLong("revision"), row.getLong("keys"), row.getLong("hash"), live(row)),
        Sql.optional(row, "verified", Instant::parse),
        drill(row));
  }

  private static Optional<Live> live(ResultSet row) throws SQLException {
    long keys = row.getLong("live_keys");
    return row.wasNull()
        ? Optional.empty()
        : Optional.of(new Live(keys, row.getLong("live_hash"), row.getLong("live_compacted")));
  }

  private static Optional<Drill> drill(ResultSet row) throws SQLException {
    Duration took = Duration.ofMillis(row.getLong("drill_millis"));
    return Sql.optional(row, "drilled", Instant::parse).map(at -> new Drill(at, took));
  }
}
