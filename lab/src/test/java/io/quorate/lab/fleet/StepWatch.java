package io.quorate.lab.fleet;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What a coordinator has written down of its newest rollout, read in its database as it is written:
 * asking the coordinator itself would take longer than a step.
 */
final class StepWatch implements AutoCloseable {
  private final Connection connection;
  private final long before;

  StepWatch(Path data) {
    try {
      connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("quorate.db"));
      before = newest();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The steps begun in rollouts since, oldest first. */
  List<String> begun() {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT text FROM steps WHERE rollout > %d ORDER BY rollout, number"
                    .formatted(before))) {
      List<String> all = new ArrayList<>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The newest rollout is a new one, and has ended. */
  boolean over() {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM rollouts WHERE id = (SELECT max(id) FROM rollouts)"
                    + " AND id > %d AND ended IS NOT NULL".formatted(before))) {
      return rows.next() && rows.getInt(1) == 1;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private long newest() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT coalesce(max(id), 0) FROM rollouts")) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
