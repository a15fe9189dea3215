package io.quorate.coordinator.catalogue;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.ClusterName;
import io.quorate.coordinator.files.Digests;
import io.quorate.coordinator.files.PrivateFiles;
import io.quorate.coordinator.store.Snapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The snapshots that the coordinator holds. Their bytes are blobs, so that hosts can fetch them by
 * digest; in {@code snapshots/CLUSTER/} each has a second name that people and backup tools can
 * read. A snapshot is on the shelf once its record is in the store.
 *
 * <p>Safe from any thread; blocks on the disk, so never called on an event loop.
 */
public final class SnapshotShelf implements Snapshots.Shelf {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path directory;
  private final BlobStore blobs;
  private final Snapshots records;

  /** Digests of what was found right while it came in, and has not been recorded yet. */
  private final Set<String> foundRight = ConcurrentHashMap.newKeySet();

  public SnapshotShelf(Path directory, BlobStore blobs, Snapshots records) {
    this.directory = directory;
    this.blobs = blobs;
    this.records = records;
  }

  @Override
  public boolean holds(String sha256) {
    return blobs.find(sha256).isPresent();
  }

  /** For a snapshot that comes in piece by piece; to be closed in any case. */
  public IncomingSnapshot receive() throws IOException {
    return new IncomingSnapshot(blobs, blobs.incoming().resolve(UUID.randomUUID().toString()));
  }

  /** Keeps one whose content was found right; {@link #add} need not read it again. */
  public Blob keep(IncomingSnapshot incoming) throws IOException {
    Blob blob = incoming.keep();
    foundRight.add(blob.sha256());
    return blob;
  }

  @Override
  public synchronized Snapshots.Snapshot add(Snapshots.Snapshot snapshot, Instant now) {
    try {
      Optional<Problem> problem =
          foundRight.remove(snapshot.sha256()) ? Optional.empty() : problem(snapshot);
      if (problem.isPresent()) {
        dropUnlessShared(snapshot);
        throw problem.get().asException();
      }
      Path name = name(snapshot);
      PrivateFiles.ensureDirectory(directory);
      PrivateFiles.ensureDirectory(directory.resolve(snapshot.cluster().value()));
      blobs.linkTo(snapshot.sha256(), name);
      Snapshots.Snapshot good = verified(snapshot, now);
      records.save(good);
      return good;
    } catch (IOException e) {
      throw PrivateFiles.failed(directory, e);
    }
  }

  /** Reads every byte again; what is found good is recorded, what is not is refused with Q3501. */
  public synchronized Snapshots.Snapshot verify(String id, Instant now) {
    Snapshots.Snapshot snapshot =
        records
            .find(id)
            .orElseThrow(
                () ->
                    Problem.of(Code.Q3503, "there is no such snapshot")
                        .withRemedy("quorate snapshot list")
                        .asException());
    try {
      Optional<Problem> problem = problem(snapshot);
      records.save(problem.isPresent() ? unverified(snapshot) : verified(snapshot, now));
      if (problem.isPresent()) {
        throw problem.get().asException();
      }
      return verified(snapshot, now);
    } catch (IOException e) {
      throw PrivateFiles.failed(directory, e);
    }
  }

  /** Where files may be written that are then {@link #take}n. */
  public Path incoming() {
    return blobs.incoming();
  }

  /**
   * Takes over a file that came from outside. One without a hash at its end, a database copied from
   * a data directory, is taken only when {@code skipHashCheck} says so, and never counts as good.
   */
  public synchronized Snapshots.Snapshot take(
      Path file, Snapshots.Snapshot described, boolean skipHashCheck, Instant now) {
    try {
      Blob blob = new Blob(Digests.of(file), Files.size(file));
      Optional<Problem> problem = SnapshotFile.problem(file, blob.sha256());
      Optional<Problem> refusal =
          skipHashCheck && problem.isPresent() ? SnapshotFile.noDatabase(file) : problem;
      if (refusal.isPresent()) {
        throw refusal.get().asException();
      }
      blobs.adopt(file, blob);
      Snapshots.Snapshot snapshot =
          new Snapshots.Snapshot(
              described.id(),
              described.cluster(),
              described.origin(),
              now,
              blob.sha256(),
              blob.size(),
              described.content(),
              problem.isPresent() ? Optional.empty() : Optional.of(now),
              Optional.empty());
      Path name = name(snapshot);
      PrivateFiles.ensureDirectory(directory);
      PrivateFiles.ensureDirectory(directory.resolve(snapshot.cluster().value()));
      blobs.linkTo(snapshot.sha256(), name);
      records.save(snapshot);
      return snapshot;
    } catch (IOException e) {
      throw PrivateFiles.failed(directory, e);
    }
  }

  /** Whether its bytes are those that came, whatever they are. */
  public boolean intact(Snapshots.Snapshot snapshot) {
    return blobs.intact(snapshot.sha256());
  }

  /**
   * Removes what the retention lets go, except what is in use, a running restore for one; returns
   * what was removed. The record goes after the name and before the bytes, so that a kill in
   * between leaves nothing that a second call or a sweep would not end.
   */
  public synchronized List<Snapshots.Snapshot> prune(
      ClusterName cluster, SnapshotRetention retention, Instant now, Predicate<String> inUse) {
    List<Snapshots.Snapshot> removed = new ArrayList<>();
    for (Snapshots.Snapshot snapshot : retention.expired(records.list(cluster), now)) {
      if (!inUse.test(snapshot.sha256())) {
        try {
          Files.deleteIfExists(name(snapshot));
        } catch (IOException e) {
          throw PrivateFiles.failed(directory, e);
        }
        records.remove(snapshot.id());
        dropUnlessShared(snapshot);
        removed.add(snapshot);
      }
    }
    return List.copyOf(removed);
  }

  /** What must not happen between two prunings: to begin to use a snapshot, for one. */
  public synchronized void undisturbed(Runnable body) {
    body.run();
  }

  /** The name that people read. */
  public Path name(Snapshots.Snapshot snapshot) {
    return directory
        .resolve(snapshot.cluster().value())
        .resolve(
            "%s-%s-revision-%d-%s.db"
                .formatted(
                    snapshot.cluster(),
                    TIME.format(snapshot.at()),
                    snapshot.content().revision(),
                    PartialUpload.checked(snapshot.id())));
  }

  private void dropUnlessShared(Snapshots.Snapshot snapshot) {
    boolean shared =
        records.list(snapshot.cluster()).stream()
            .anyMatch(other -> other.sha256().equals(snapshot.sha256()));
    if (!shared) {
      blobs.remove(snapshot.sha256());
    }
  }

  private Optional<Problem> problem(Snapshots.Snapshot snapshot) throws IOException {
    return SnapshotFile.problem(blobs.file(snapshot.sha256()), snapshot.sha256());
  }

  private static Snapshots.Snapshot verified(Snapshots.Snapshot snapshot, Instant now) {
    return snapshot.withVerified(Optional.of(now));
  }

  private static Snapshots.Snapshot unverified(Snapshots.Snapshot snapshot) {
    return snapshot.withVerified(Optional.empty());
  }
}
