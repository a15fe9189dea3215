package io.quorate.coordinator.store.sqlite;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.ClusterName;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters;
import io.quorate.coordinator.store.IntentJson;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A spec is kept as its owner's text and read again; so is the previous one that an intent may
 * name, by its text in the history.
 */
final class SqliteClusters implements Clusters {
  private final Database database;
  private final Function<String, ClusterSpec> reader;

  SqliteClusters(Database database, Function<String, ClusterSpec> reader) {
    this.database = database;
    this.reader = reader;
  }

  @Override
  public List<Cluster> list() {
    return database.read(c -> Sql.list(c, this::cluster, "SELECT * FROM clusters ORDER BY name"));
  }

  @Override
  public Optional<Cluster> find(ClusterName name) {
    return database.read(c -> select(c, name));
  }

  @Override
  public void create(Cluster cluster) {
    database.write(
        c -> {
          if (select(c, cluster.name()).isPresent()) {
            throw Problem.of(
                    Code.Q1304, "there is a cluster '%s' already".formatted(cluster.name()))
                .withState("nothing was changed")
                .asException();
          }
          remember(c, cluster);
          return save(c, cluster);
        });
  }

  @Override
  public Cluster update(ClusterName name, UnaryOperator<Cluster> change) {
    return database.write(
        c -> {
          Cluster before =
              select(c, name)
                  .orElseThrow(
                      () ->
                          Problem.of(Code.Q1303, "there is no cluster '%s'".formatted(name))
                              .withRemedy("quorate status")
                              .asException());
          Cluster after = change.apply(before);
          if (!after.name().equals(name)) {
            throw new IllegalArgumentException("a cluster keeps its name");
          }
          if (after.intent().revision() != before.intent().revision()) {
            remember(c, after);
          }
          save(c, after);
          return after;
        });
  }

  @Override
  public void delete(ClusterName name) {
    database.write(c -> Sql.update(c, "DELETE FROM clusters WHERE name = ?", name.value()));
  }

  @Override
  public List<Revision> history(ClusterName name) {
    return database.read(c -> revisions(c, name));
  }

  private int save(Connection connection, Cluster cluster) throws SQLException {
    if (!reader.apply(cluster.text()).equals(cluster.spec())) {
      throw new IllegalArgumentException("a cluster's spec is not what its text says");
    }
    Optional<String> previous = Optional.empty();
    if (cluster.intent().previous().isPresent()) {
      previous = Optional.of(textOf(connection, cluster.name(), cluster.intent().previous().get()));
    }
    return Sql.update(
        connection,
        """
        INSERT INTO clusters (name, text, intent, applied, deleting, changed, changed_by)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET text = excluded.text, intent = excluded.intent,
          applied = excluded.applied, deleting = excluded.deleting, changed = excluded.changed,
          changed_by = excluded.changed_by
        """,
        cluster.name().value(),
        cluster.text(),
        IntentJson.write(cluster.intent(), previous).encode(),
        cluster.applied(),
        cluster.deleting(),
        cluster.changed(),
        cluster.by());
  }

  private String textOf(Connection connection, ClusterName name, ClusterSpec spec)
      throws SQLException {
    return revisions(connection, name).stream()
        .map(Revision::text)
        .distinct()
        .filter(text -> reader.apply(text).equals(spec))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException("the previous spec is not in the cluster's history"));
  }

  private static void remember(Connection connection, Cluster cluster) throws SQLException {
    Sql.update(
        connection,
        """
        INSERT INTO revisions (cluster, revision, text, changed, changed_by) VALUES (?, ?, ?, ?, ?)
        """,
        cluster.name().value(),
        cluster.intent().revision(),
        cluster.text(),
        cluster.changed(),
        cluster.by());
  }

  private Optional<Cluster> select(Connection connection, ClusterName name) throws SQLException {
    return Sql.first(
        connection, this::cluster, "SELECT * FROM clusters WHERE name = ?", name.value());
  }

  private static List<Revision> revisions(Connection connection, ClusterName name)
      throws SQLException {
    return Sql.list(
        connection,
        row ->
            new Revision(
                row.getLong("revision"),
                Sql.text(row, "text"),
                Sql.instant(row, "changed"),
                Sql.text(row, "changed_by")),
        "SELECT * FROM revisions WHERE cluster = ? ORDER BY number DESC",
        name.value());
  }

  private Cluster cluster(ResultSet row) throws SQLException {
    String text = Sql.text(row, "text");
    return new Cluster(
        ClusterName.of(Sql.text(row, "name")),
        text,
        reader.apply(text),
        IntentJson.read(new JsonObject(Sql.text(row, "intent")), reader),
        row.getLong("applied"),
        row.getBoolean("deleting"),
        Sql.instant(row, "changed"),
        Sql.text(row, "changed_by"));
  }
}
