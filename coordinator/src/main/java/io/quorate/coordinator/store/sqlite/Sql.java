package io.quorate.coordinator.store.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Statements with bound values, and values the way they are kept: instants as text of one length,
 * so that they are exact and sort by time, absent ones as NULL.
 */
final class Sql {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(9).toFormatter().withZone(ZoneOffset.UTC);

  private Sql() {}

  interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** One or several statements without values. */
  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** Returns the number of rows that it changed. */
  static int update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeUpdate();
    }
  }

  static <T> List<T> list(
      Connection connection, Reader<T> reader, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        List<T> found = new ArrayList<>();
        while (rows.next()) {
          found.add(reader.read(rows));
        }
        return List.copyOf(found);
      }
    }
  }

  static <T> Optional<T> first(
      Connection connection, Reader<T> reader, String sql, @Nullable Object... values)
      throws SQLException {
    return list(connection, reader, sql, values).stream().findFirst();
  }

  private static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, kept(values[i]));
    }
  }

  private static @Nullable Object kept(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Optional<?> optional -> kept(optional.orElse(null));
      case Instant instant -> TIME.format(instant);
      case Enum<?> constant -> constant.name();
      case Boolean truth -> truth ? 1 : 0;
      case String text -> text;
      case Long whole -> whole;
      case Integer whole -> whole;
      case byte[] bytes -> bytes;
      default -> throw new IllegalArgumentException("cannot keep a " + value.getClass());
    };
  }

  static String text(ResultSet row, String column) throws SQLException {
    String value = row.getString(column);
    if (value == null) {
      throw new SQLException("NULL in " + column);
    }
    return value;
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return Instant.parse(text(row, column));
  }

  static <T> Optional<T> optional(ResultSet row, String column, Function<String, T> reader)
      throws SQLException {
    return Optional.ofNullable(row.getString(column)).map(reader);
  }
}
