package io.quorate.coordinator.store.sqlite;

import io.quorate.common.model.HostName;
import io.quorate.coordinator.store.Hosts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class SqliteHosts implements Hosts {
  private final Database database;

  SqliteHosts(Database database) {
    this.database = database;
  }

  @Override
  public List<Host> list() {
    return database.read(c -> Sql.list(c, SqliteHosts::host, "SELECT * FROM hosts ORDER BY name"));
  }

  @Override
  public Optional<Host> find(HostName name) {
    return database.read(
        c -> Sql.first(c, SqliteHosts::host, "SELECT * FROM hosts WHERE name = ?", name.value()));
  }

  @Override
  public void save(Host host) {
    database.write(
        c ->
            Sql.update(
                c,
                """
                INSERT INTO hosts (name, state, current_serial, next_serial, left_behind, joined, revoked)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET state = excluded.state,
                  current_serial = excluded.current_serial, next_serial = excluded.next_serial,
                  left_behind = excluded.left_behind,
                  joined = excluded.joined, revoked = excluded.revoked
                """,
                host.name().value(),
                host.state(),
                host.serials().current(),
                host.serials().next(),
                String.join(" ", host.serials().leftBehind()),
                host.joined(),
                host.revoked()));
  }

  @Override
  public void addToken(Token token) {
    database.write(
        c ->
            Sql.update(
                c,
                "INSERT INTO tokens (sha256, host, created, expires, made_by) VALUES (?, ?, ?, ?, ?)",
                token.sha256(),
                token.host().map(HostName::value),
                token.created(),
                token.expires(),
                token.by()));
  }

  @Override
  public List<Token> tokens() {
    return database.read(
        c -> Sql.list(c, SqliteHosts::token, "SELECT * FROM tokens ORDER BY created, sha256"));
  }

  @Override
  public Optional<Token> takeToken(String sha256) {
    return database.write(
        c -> {
          Optional<Token> found =
              Sql.first(c, SqliteHosts::token, "SELECT * FROM tokens WHERE sha256 = ?", sha256);
          Sql.update(c, "DELETE FROM tokens WHERE sha256 = ?", sha256);
          return found;
        });
  }

  @Override
  public void dropTokensExpiredBefore(Instant instant) {
    database.write(c -> Sql.update(c, "DELETE FROM tokens WHERE expires < ?", instant));
  }

  private static Host host(ResultSet row) throws SQLException {
    return new Host(
        HostName.of(Sql.text(row, "name")),
        State.valueOf(Sql.text(row, "state")),
        new Serials(
            Sql.text(row, "current_serial"),
            Sql.optional(row, "next_serial", serial -> serial),
            words(Sql.text(row, "left_behind"))),
        Sql.instant(row, "joined"),
        Sql.optional(row, "revoked", Instant::parse));
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  private static Token token(ResultSet row) throws SQLException {
    return new Token(
        Sql.text(row, "sha256"),
        Sql.optional(row, "host", HostName::of),
        Sql.instant(row, "created"),
        Sql.instant(row, "expires"),
        Sql.text(row, "made_by"));
  }
}
