package io.quorate.coordinator.catalogue;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.Release;
import io.quorate.coordinator.catalogue.inspect.Limits;
import io.quorate.coordinator.catalogue.inspect.ReleaseArchive;
import io.quorate.coordinator.files.Digests;
import io.quorate.coordinator.files.PrivateFiles;
import io.quorate.coordinator.store.Releases;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Takes release archives into the catalogue.
 *
 * <ol>
 *   <li>The archive is written down and its SHA-256 taken; when it is not the one given, nothing of
 *       it is looked at (Q1102).
 *   <li>It is walked once, from the first byte to the last: nothing dangerous (Q1105), everything
 *       in one directory named {@code etcd-vX.Y.Z-linux-ARCH}, in it {@code etcd} (Q1101). etcd,
 *       etcdctl and etcdutl are laid into a private directory, not executable, and never run.
 *   <li>Each of them must say of itself that it is of the architecture and version that the
 *       directory's name says (Q1101).
 *   <li>The archive gets its name among the blobs, then its record in the store. What a kill leaves
 *       in between is swept at the next start.
 * </ol>
 *
 * One version and architecture has one archive: another one under the same name is refused (Q1304),
 * so that a version never means two things on two hosts.
 */
public final class ReleaseIntake {
  private final BlobStore blobs;
  private final Releases releases;
  private final Limits limits;

  /** One at a time, so that two archives of one version cannot both find the place free. */
  private final ReentrantLock lock = new ReentrantLock();

  public ReleaseIntake(BlobStore blobs, Releases releases, Limits limits) {
    this.blobs = blobs;
    this.releases = releases;
    this.limits = limits;
  }

  /** Takes a stream; the caller closes it. */
  public Releases.Entry add(
      InputStream archive, Optional<String> expectedSha256, Instant at, String by) {
    Path file = blobs.incoming().resolve(UUID.randomUUID().toString());
    try {
      try (FileChannel out = PrivateFiles.create(file)) {
        byte[] buffer = new byte[Digests.BUFFER];
        long size = 0;
        for (int read = archive.read(buffer); read >= 0; read = archive.read(buffer)) {
          size += read;
          if (size > limits.archiveBytes()) {
            throw BlobStore.tooLarge(limits.archiveBytes());
          }
          PrivateFiles.writeAll(out, ByteBuffer.wrap(buffer, 0, read));
        }
      }
      return add(file, expectedSha256, at, by);
    } catch (IOException e) {
      throw PrivateFiles.failed(file, e);
    } finally {
      delete(file);
    }
  }

  /** Takes over a file in {@link BlobStore#incoming}; it is gone when this succeeds. */
  public Releases.Entry add(Path file, Optional<String> expectedSha256, Instant at, String by) {
    lock.lock();
    try {
      Blob blob = new Blob(Digests.of(file), Files.size(file));
      if (expectedSha256.isPresent() && !expectedSha256.get().equalsIgnoreCase(blob.sha256())) {
        throw Problem.of(
                Code.Q1102,
                "the archive's SHA-256 is %s, not %s"
                    .formatted(blob.sha256(), expectedSha256.get()))
            .withState("nothing was added")
            .withRemedy("compare with the line in the release's SHA256SUMS and fetch it again")
            .asException();
      }
      Optional<Releases.Entry> known =
          find(entry -> entry.release().sha256().equals(blob.sha256()));
      if (known.isPresent() && blobs.intact(blob.sha256())) {
        Files.delete(file);
        return known.get();
      }
      Releases.Entry entry = inspect(file, blob, at, by);
      refuseSecond(entry.release());
      blobs.remove(blob.sha256());
      blobs.adopt(file, blob);
      releases.add(entry);
      return known.orElse(entry);
    } catch (IOException e) {
      throw PrivateFiles.failed(file, e);
    } finally {
      lock.unlock();
    }
  }

  /** Removes a release from the catalogue, unless it is in use (Q1104). */
  public void remove(String sha256, Predicate<Release> inUse) {
    lock.lock();
    try {
      Release release =
          find(entry -> entry.release().sha256().equals(sha256))
              .orElseThrow(
                  () ->
                      Problem.of(Code.Q1314, "no release in the catalogue has that SHA-256")
                          .withRemedy("quorate release list")
                          .asException())
              .release();
      if (inUse.test(release)) {
        throw Problem.of(
                Code.Q1104,
                "%s for %s is in use".formatted(release.version(), release.architecture()))
            .withState("nothing was removed")
            .withRemedy("quorate status")
            .asException();
      }
      releases.remove(sha256);
      blobs.remove(sha256);
    } finally {
      lock.unlock();
    }
  }

  private Optional<Releases.Entry> find(Predicate<Releases.Entry> wanted) {
    return releases.list().stream().filter(wanted).findFirst();
  }

  private void refuseSecond(Release release) {
    find(entry ->
            entry.release().version().equals(release.version())
                && entry.release().architecture().equals(release.architecture())
                && !entry.release().sha256().equals(release.sha256()))
        .ifPresent(
            other -> {
              throw Problem.of(
                      Code.Q1304,
                      "the catalogue has another archive of %s for %s"
                          .formatted(release.version(), release.architecture()))
                  .withCause("it has the SHA-256 " + other.release().sha256())
                  .withState("nothing was added")
                  .withRemedy("quorate release remove " + release.version())
                  .asException();
            });
  }

  private Releases.Entry inspect(Path file, Blob blob, Instant at, String by) throws IOException {
    Path scratch = Files.createTempDirectory(blobs.incoming(), "look");
    try {
      ReleaseArchive.Content content = ReleaseArchive.read(file, scratch, limits);
      Release release =
          new Release(content.version(), content.architecture(), blob.sha256(), blob.size());
      return new Releases.Entry(release, content.executables(), at, by);
    } finally {
      for (String name : ReleaseArchive.EXECUTABLES) {
        Files.deleteIfExists(scratch.resolve(name));
      }
      Files.delete(scratch);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw PrivateFiles.failed(file, e);
    }
  }
}
