package io.quorate.coordinator.store.sqlite;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * One file, two connections, each on a platform thread of its own: one writes, one transaction at a
 * time, synced before it is reported; the other reads, each time from one consistent state that has
 * been committed, and never waits for a slow disk's writes.
 *
 * <p>Threads of their own, because a virtual thread inside SQLite holds the processor that carries
 * it until the disk has answered.
 */
final class Database implements AutoCloseable {
  private final Path file;
  private final Lane writing;
  private final Lane reading;

  private Database(Path file, Lane writing, Lane reading) {
    this.file = file;
    this.writing = writing;
    this.reading = reading;
  }

  interface Work<T extends @Nullable Object> {
    T on(Connection connection) throws SQLException;
  }

  /** The file must be there; it may be empty. The schema is brought up to date. */
  static Database open(Path file, Schema schema) {
    Lane writing = null;
    Lane reading = null;
    try {
      writing = new Lane("quorate-store-write", connect(file, false));
      writing.run(
          connection -> {
            schema.prepare(connection, file);
            return true;
          });
      reading = new Lane("quorate-store-read", connect(file, true));
      return new Database(file, writing, reading);
    } catch (SQLException e) {
      if (writing != null) {
        writing.close();
      }
      throw failed(file, e);
    } catch (RuntimeException e) {
      if (writing != null) {
        writing.close();
      }
      throw e;
    }
  }

  /**
   * Runs the work in one transaction, durable when this returns; nothing of it is written when it
   * throws.
   */
  <T extends @Nullable Object> T write(Work<T> work) {
    return on(writing, "BEGIN IMMEDIATE", work);
  }

  /** Runs the work on one consistent state. */
  <T extends @Nullable Object> T read(Work<T> work) {
    return on(reading, "BEGIN", work);
  }

  @Override
  public void close() {
    reading.close();
    writing.close();
  }

  private <T extends @Nullable Object> T on(Lane lane, String begin, Work<T> work) {
    if (writing.isCurrent() || reading.isCurrent()) {
      throw new IllegalStateException("the store was called from inside a change");
    }
    try {
      return lane.run(
          connection -> {
            Sql.run(connection, begin);
            try {
              T result = work.on(connection);
              Sql.run(connection, "COMMIT");
              return result;
            } catch (SQLException | RuntimeException | Error e) {
              rollBack(connection, e);
              throw e;
            }
          });
    } catch (SQLException e) {
      throw failed(file, e);
    }
  }

  /** SQLite has rolled back by itself after some failures, a full disk for one; then this fails. */
  private static void rollBack(Connection connection, Throwable reason) {
    try {
      Sql.run(connection, "ROLLBACK");
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  private static Connection connect(Path file, boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    // Only a person with sqlite3 could be in the way: the directory's lock keeps coordinators out.
    config.setBusyTimeout(10_000);
    Connection connection = config.createConnection("jdbc:sqlite:" + file);
    if (readOnly) {
      Sql.run(connection, "PRAGMA query_only = ON");
    }
    return connection;
  }

  static QuorateException failed(Path file, SQLException cause) {
    return new QuorateException(
        Problem.of(Code.Q1315, "the store %s cannot be read or written".formatted(file))
            .withCause(String.valueOf(cause.getMessage()))
            .withState("nothing was changed")
            .withRemedy("df -h %s".formatted(file.getParent())),
        cause);
  }

  /** A connection and the one thread that touches it. */
  private static final class Lane implements AutoCloseable {
    private final Connection connection;
    private final ExecutorService executor;
    private volatile @Nullable Thread thread;

    Lane(String name, Connection connection) {
      this.connection = connection;
      this.executor =
          Executors.newSingleThreadExecutor(
              work -> {
                Thread made = Thread.ofPlatform().name(name).daemon().unstarted(work);
                thread = made;
                return made;
              });
    }

    boolean isCurrent() {
      return Thread.currentThread() == thread;
    }

    <T extends @Nullable Object> T run(Work<T> work) throws SQLException {
      Future<T> answer;
      try {
        answer = executor.submit(() -> work.on(connection));
      } catch (RejectedExecutionException e) {
        throw new SQLException("the store is closed", e);
      }
      try {
        return uninterrupted(answer);
      } catch (ExecutionException e) {
        throw rethrown(e);
      }
    }

    /** Whether a write happened must not depend on who lost patience: the answer is awaited. */
    private static <T extends @Nullable Object> T uninterrupted(Future<T> answer)
        throws ExecutionException {
      boolean interrupted = false;
      try {
        while (true) {
          try {
            return answer.get();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    /** The caller's own exceptions come back as themselves, showing where the call came from. */
    private static SQLException rethrown(ExecutionException e) throws SQLException {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException known) {
        known.addSuppressed(new CalledFrom());
        throw known;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      if (cause instanceof SQLException known) {
        return known;
      }
      return new SQLException(cause);
    }

    @Override
    public void close() {
      try {
        run(
            c -> {
              c.close();
              return true;
            });
      } catch (SQLException e) {
        throw new IllegalStateException("the store cannot be closed", e);
      } finally {
        executor.shutdown();
      }
    }
  }

  private static final class CalledFrom extends Exception {
    private static final long serialVersionUID = 1L;

    CalledFrom() {
      super("called from here");
    }
  }
}
