package io.quorate.coordinator.store.sqlite;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.files.DirectoryLock;
import io.quorate.coordinator.files.PrivateFiles;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.spec.SpecFile;
import io.quorate.coordinator.store.Audit;
import io.quorate.coordinator.store.Clusters;
import io.quorate.coordinator.store.Documents;
import io.quorate.coordinator.store.Hosts;
import io.quorate.coordinator.store.Journal;
import io.quorate.coordinator.store.Operations;
import io.quorate.coordinator.store.Operators;
import io.quorate.coordinator.store.Releases;
import io.quorate.coordinator.store.Snapshots;
import io.quorate.coordinator.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * The store in the coordinator's data directory: {@code quorate.db}, and {@code coordinator.lock},
 * which the one coordinator that uses the directory keeps locked for as long as it lives.
 *
 * <p>SQLite's native library is unpacked into the data directory, out of the reach of others. Where
 * that is mounted noexec, or to save the unpacking, set the system property {@code
 * org.sqlite.lib.path} to a directory that holds it, or {@code org.sqlite.tmpdir} to another one to
 * unpack it in.
 */
public final class SqliteStore implements Store {
  private final DirectoryLock lock;
  private final Database database;
  private final Hosts hosts;
  private final Clusters clusters;
  private final Documents documents;
  private final Operations operations;
  private final Releases releases;
  private final Snapshots snapshots;
  private final Journal journal;
  private final Operators operators;
  private final Audit audit;

  private SqliteStore(
      DirectoryLock lock, Database database, Function<String, ClusterSpec> specReader) {
    this.lock = lock;
    this.database = database;
    this.hosts = new SqliteHosts(database);
    this.clusters = new SqliteClusters(database, specReader);
    this.documents = new SqliteDocuments(database);
    this.operations = new SqliteOperations(database);
    this.releases = new SqliteReleases(database);
    this.snapshots = new SqliteSnapshots(database);
    this.journal = new SqliteJournal(database);
    this.operators = new SqliteOperators(database);
    this.audit = new SqliteAudit(database);
  }

  /** Makes or opens the store; refuses with Q1311 while another coordinator has it open. */
  public static SqliteStore open(Path directory) {
    return open(directory, text -> SpecFile.require(text, "the stored file"), Schema.CURRENT);
  }

  static SqliteStore open(Path directory, Function<String, ClusterSpec> specReader, Schema schema) {
    DirectoryLock lock;
    Path file = directory.resolve("quorate.db");
    try {
      PrivateFiles.ensureDirectory(directory);
      lock = DirectoryLock.take(directory);
    } catch (IOException e) {
      throw cannotUse(directory, e);
    }
    try {
      unpackNear(directory);
      PrivateFiles.ensure(file);
      return new SqliteStore(lock, Database.open(file, schema), specReader);
    } catch (IOException e) {
      lock.close();
      throw cannotUse(directory, e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static QuorateException cannotUse(Path directory, IOException cause) {
    return new QuorateException(
        Problem.of(Code.Q1315, "the data directory %s cannot be used".formatted(directory))
            .withCause(cause.toString())
            .withState("nothing was changed")
            .withRemedy("ls -ld %s".formatted(directory)),
        cause);
  }

  private static void unpackNear(Path directory) throws IOException {
    if (System.getProperty("org.sqlite.lib.path") == null
        && System.getProperty("org.sqlite.tmpdir") == null) {
      Path unpacked = directory.resolve("native");
      PrivateFiles.ensureDirectory(unpacked);
      System.setProperty("org.sqlite.tmpdir", unpacked.toString());
    }
  }

  /** More starts than there can have been between a backup and its restoring. */
  private static final long LEAP = 1_000_000;

  @Override
  public long raiseEpoch() {
    return database.write(
        c ->
            Sql.first(
                    c,
                    row -> row.getLong("value"),
                    """
                    INSERT INTO counters (name, value) VALUES ('epoch', 1)
                    ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value
                    """)
                .orElseThrow());
  }

  @Override
  public void restored() {
    database.write(
        c -> {
          Sql.update(
              c,
              """
              INSERT INTO counters (name, value) VALUES ('epoch', ?)
              ON CONFLICT (name) DO UPDATE SET value = value + excluded.value
              """,
              LEAP);
          Sql.update(
              c,
              """
              INSERT OR IGNORE INTO unknown_documents (host)
              SELECT name FROM hosts UNION SELECT host FROM generations
              """);
          return true;
        });
  }

  @Override
  public Hosts hosts() {
    return hosts;
  }

  @Override
  public Clusters clusters() {
    return clusters;
  }

  @Override
  public Documents documents() {
    return documents;
  }

  @Override
  public Operations operations() {
    return operations;
  }

  @Override
  public Releases releases() {
    return releases;
  }

  @Override
  public Snapshots snapshots() {
    return snapshots;
  }

  @Override
  public Journal journal() {
    return journal;
  }

  @Override
  public Operators operators() {
    return operators;
  }

  @Override
  public Audit audit() {
    return audit;
  }

  @Override
  public void close() {
    try {
      database.close();
    } finally {
      lock.close();
    }
  }
}
