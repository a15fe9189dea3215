package io.quorate.coordinator.store.sqlite;

import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.Release;
import io.quorate.coordinator.store.Releases;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

final class SqliteReleases implements Releases {
  private static final Comparator<Entry> ORDER =
      Comparator.comparing((Entry entry) -> entry.release().version())
          .thenComparing(entry -> entry.release().architecture())
          .thenComparing(entry -> entry.release().sha256());

  private final Database database;

  SqliteReleases(Database database) {
    this.database = database;
  }

  @Override
  public List<Entry> list() {
    return database.read(
        c -> {
          List<Entry> entries = Sql.list(c, row -> entry(c, row), "SELECT * FROM releases");
          return entries.stream().sorted(ORDER).toList();
        });
  }

  @Override
  public void add(Entry entry) {
    database.write(
        c -> {
          Release release = entry.release();
          int added =
              Sql.update(
                  c,
                  """
                  INSERT INTO releases (sha256, version, architecture, size, added, added_by)
                  VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING
                  """,
                  release.sha256(),
                  release.version().toString(),
                  release.architecture(),
                  release.size(),
                  entry.added(),
                  entry.by());
          if (added > 0) {
            for (Map.Entry<String, String> executable : entry.executables().entrySet()) {
              Sql.update(
                  c,
                  "INSERT INTO executables (release, name, sha256) VALUES (?, ?, ?)",
                  release.sha256(),
                  executable.getKey(),
                  executable.getValue());
            }
          }
          return true;
        });
  }

  @Override
  public void remove(String sha256) {
    database.write(c -> Sql.update(c, "DELETE FROM releases WHERE sha256 = ?", sha256));
  }

  private static Entry entry(Connection connection, ResultSet row) throws SQLException {
    String sha256 = Sql.text(row, "sha256");
    SortedMap<String, String> executables = new TreeMap<>();
    Sql.list(
            connection,
            one -> Map.entry(Sql.text(one, "name"), Sql.text(one, "sha256")),
            "SELECT name, sha256 FROM executables WHERE release = ?",
            sha256)
        .forEach(one -> executables.put(one.getKey(), one.getValue()));
    return new Entry(
        new Release(
            EtcdVersion.parse(Sql.text(row, "version")),
            Sql.text(row, "architecture"),
            sha256,
            row.getLong("size")),
        executables,
        Sql.instant(row, "added"),
        Sql.text(row, "added_by"));
  }
}
