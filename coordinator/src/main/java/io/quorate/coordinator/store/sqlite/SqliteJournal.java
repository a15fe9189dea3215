package io.quorate.coordinator.store.sqlite;

import io.quorate.common.error.Code;
import io.quorate.common.model.ClusterName;
import io.quorate.coordinator.store.Journal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class SqliteJournal implements Journal {
  private final Database database;

  SqliteJournal(Database database) {
    this.database = database;
  }

  @Override
  public void addPlan(Plan plan) {
    database.write(
        c ->
            Sql.update(
                c,
                """
                INSERT INTO plans (id, cluster, text, based_on, made, made_by)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
                plan.id(),
                plan.cluster().value(),
                plan.text(),
                plan.basedOn(),
                plan.at(),
                plan.by()));
  }

  @Override
  public Optional<Plan> plan(String id) {
    return database.read(
        c -> Sql.first(c, SqliteJournal::plan, "SELECT * FROM plans WHERE id = ?", id));
  }

  @Override
  public long begin(Rollout rollout) {
    return database.write(
        c ->
            Sql.first(
                    c,
                    row -> row.getLong("id"),
                    """
                    INSERT INTO rollouts (cluster, title, from_revision, to_revision, state, started,
                      ended, started_by, planned_steps)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
                    """,
                    rollout.cluster().value(),
                    rollout.title(),
                    rollout.fromRevision(),
                    rollout.toRevision(),
                    rollout.state(),
                    rollout.started(),
                    rollout.ended(),
                    rollout.by(),
                    rollout.plannedSteps())
                .orElseThrow());
  }

  @Override
  public void save(Rollout rollout) {
    int changed =
        database.write(
            c ->
                Sql.update(
                    c,
                    """
                    UPDATE rollouts SET cluster = ?, title = ?, from_revision = ?, to_revision = ?,
                      state = ?, started = ?, ended = ?, started_by = ?, planned_steps = ?
                    WHERE id = ?
                    """,
                    rollout.cluster().value(),
                    rollout.title(),
                    rollout.fromRevision(),
                    rollout.toRevision(),
                    rollout.state(),
                    rollout.started(),
                    rollout.ended(),
                    rollout.by(),
                    rollout.plannedSteps(),
                    rollout.id()));
    if (changed == 0) {
      throw new IllegalArgumentException("no rollout " + rollout.id());
    }
  }

  @Override
  public List<Rollout> rollouts(ClusterName cluster, int limit) {
    return database.read(
        c ->
            Sql.list(
                c,
                SqliteJournal::rollout,
                "SELECT * FROM rollouts WHERE cluster = ? ORDER BY id DESC LIMIT ?",
                cluster.value(),
                limit));
  }

  @Override
  public Optional<Rollout> open(ClusterName cluster) {
    return database.read(
        c ->
            Sql.first(
                c,
                SqliteJournal::rollout,
                """
                SELECT * FROM rollouts WHERE cluster = ? AND ended IS NULL ORDER BY id DESC LIMIT 1
                """,
                cluster.value()));
  }

  @Override
  public void save(StepEntry step) {
    database.write(
        c -> {
          if (Sql.first(c, row -> 1, "SELECT 1 FROM rollouts WHERE id = ?", step.rollout())
              .isEmpty()) {
            throw new IllegalArgumentException("no rollout " + step.rollout());
          }
          Sql.update(
              c,
              "DELETE FROM steps WHERE rollout = ? AND number = ?",
              step.rollout(),
              step.number());
          return Sql.update(
              c,
              """
              INSERT INTO steps (rollout, number, kind, subject, text, state, started, ended, outcome)
              VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
              """,
              step.rollout(),
              step.number(),
              step.kind(),
              step.subject(),
              step.text(),
              step.state(),
              step.started(),
              step.ended(),
              step.outcome());
        });
  }

  @Override
  public List<StepEntry> steps(long rollout) {
    return database.read(
        c ->
            Sql.list(
                c,
                SqliteJournal::step,
                "SELECT * FROM steps WHERE rollout = ? ORDER BY number",
                rollout));
  }

  @Override
  public void add(Event event) {
    database.write(
        c ->
            Sql.update(
                c,
                """
                INSERT INTO events (id, at, cluster, severity, code, subject, text)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                event.id() == 0 ? null : event.id(),
                event.at(),
                event.cluster().map(ClusterName::value),
                event.severity(),
                event.code(),
                event.subject(),
                event.text()));
  }

  @Override
  public List<Event> events(Optional<ClusterName> cluster, long afterId, int limit) {
    return database
        .read(
            c ->
                Sql.list(
                    c,
                    SqliteJournal::event,
                    """
                    SELECT * FROM events WHERE id > ?1 AND (?2 IS NULL OR cluster = ?2)
                    ORDER BY id DESC LIMIT ?3
                    """,
                    afterId,
                    cluster.map(ClusterName::value),
                    limit))
        .reversed();
  }

  private static Plan plan(ResultSet row) throws SQLException {
    return new Plan(
        Sql.text(row, "id"),
        ClusterName.of(Sql.text(row, "cluster")),
        Sql.text(row, "text"),
        row.getLong("based_on"),
        Sql.instant(row, "made"),
        Sql.text(row, "made_by"));
  }

  private static Rollout rollout(ResultSet row) throws SQLException {
    return new Rollout(
        row.getLong("id"),
        ClusterName.of(Sql.text(row, "cluster")),
        Sql.text(row, "title"),
        row.getLong("from_revision"),
        row.getLong("to_revision"),
        RolloutState.valueOf(Sql.text(row, "state")),
        Sql.instant(row, "started"),
        Sql.optional(row, "ended", Instant::parse),
        Sql.text(row, "started_by"),
        row.getInt("planned_steps"));
  }

  private static StepEntry step(ResultSet row) throws SQLException {
    return new StepEntry(
        row.getLong("rollout"),
        row.getInt("number"),
        Sql.text(row, "kind"),
        Sql.text(row, "subject"),
        Sql.text(row, "text"),
        StepState.valueOf(Sql.text(row, "state")),
        Sql.instant(row, "started"),
        Sql.optional(row, "ended", Instant::parse),
        Sql.text(row, "outcome"));
  }

  private static Event event(ResultSet row) throws SQLException {
    return new Event(
        row.getLong("id"),
        Sql.instant(row, "at"),
        Sql.optional(row, "cluster", ClusterName::of),
        Severity.valueOf(Sql.text(row, "severity")),
        Sql.optional(row, "code", Code::valueOf),
        Sql.text(row, "subject"),
        Sql.text(row, "text"));
  }
}
