package io.quorate.coordinator.catalogue;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.files.Digests;
import io.quorate.coordinator.files.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files under their SHA-256, in {@code blobs/sha256/}. A name appears there only when all its bytes
 * are on the disk and their digest is the name; whatever is on the way lies in {@code incoming/},
 * which is emptied at each start, or in {@code partial/}, where uploads that can go on later keep
 * what has arrived.
 *
 * <p>Safe from any thread; blocks on the disk, so never called on an event loop.
 */
public final class BlobStore {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private final Path finished;
  private final Path incoming;
  private final Path partial;
  private final Map<String, PartialUpload> uploads = new ConcurrentHashMap<>();

  private BlobStore(Path root) {
    this.finished = root.resolve("sha256");
    this.incoming = root.resolve("incoming");
    this.partial = root.resolve("partial");
  }

  /** Makes or opens it; what a process that died has left half done is removed. */
  public static BlobStore open(Path root) {
    BlobStore store = new BlobStore(root);
    try {
      for (Path directory : List.of(root, store.finished, store.incoming, store.partial)) {
        PrivateFiles.ensureDirectory(directory);
      }
      deleteAll(store.incoming);
      return store;
    } catch (IOException e) {
      throw PrivateFiles.failed(root, e);
    }
  }

  /** Where files may be written that are then adopted. */
  public Path incoming() {
    return incoming;
  }

  /**
   * Writes a stream down while its digest is taken. More than {@code limit} bytes are refused with
   * Q1306; then, and when the stream breaks, nothing is kept.
   */
  public Blob put(InputStream in, long limit) {
    Path file = incoming.resolve(UUID.randomUUID().toString());
    try {
      MessageDigest digest = Digests.sha256();
      long size = 0;
      try (FileChannel out = PrivateFiles.create(file)) {
        byte[] buffer = new byte[Digests.BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          size += read;
          if (size > limit) {
            throw tooLarge(limit);
          }
          digest.update(buffer, 0, read);
          PrivateFiles.writeAll(out, ByteBuffer.wrap(buffer, 0, read));
        }
        out.force(true);
      }
      Blob blob = new Blob(Digests.hex(digest), size);
      publish(file, blob);
      return blob;
    } catch (IOException e) {
      throw PrivateFiles.failed(finished, e);
    } finally {
      discard(file);
    }
  }

  /** Takes over a file of the same file system whose digest is known to be right. */
  public void adopt(Path file, Blob blob) {
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      publish(file, blob);
    } catch (IOException e) {
      throw PrivateFiles.failed(finished, e);
    }
  }

  /** Where it lies, for those who send it on. */
  public Optional<Path> path(String sha256) {
    return find(sha256).map(blob -> file(sha256));
  }

  public Optional<Blob> find(String sha256) {
    try {
      Path file = file(sha256);
      return Files.exists(file)
          ? Optional.of(new Blob(sha256, Files.size(file)))
          : Optional.empty();
    } catch (IOException e) {
      throw PrivateFiles.failed(finished, e);
    }
  }

  /** Reads from an offset on. The reader keeps its file even when it is removed meanwhile. */
  public InputStream read(String sha256, long offset) throws IOException {
    FileChannel channel = FileChannel.open(file(sha256), StandardOpenOption.READ);
    channel.position(Math.max(0, offset));
    return Channels.newInputStream(channel);
  }

  /** Whether the bytes are still those of the name: disks forget. */
  public boolean intact(String sha256) {
    try {
      return Files.exists(file(sha256)) && Digests.of(file(sha256)).equals(sha256);
    } catch (IOException e) {
      throw PrivateFiles.failed(finished, e);
    }
  }

  /** Gives the file a second name outside, on the same file system; does nothing when it has it. */
  public void linkTo(String sha256, Path name) {
    try {
      if (Files.notExists(name)) {
        Files.createLink(name, file(sha256));
        PrivateFiles.syncName(name);
      }
    } catch (IOException e) {
      throw PrivateFiles.failed(name, e);
    }
  }

  public void remove(String sha256) {
    try {
      Path file = file(sha256);
      Files.deleteIfExists(file);
      PrivateFiles.syncName(file);
    } catch (IOException e) {
      throw PrivateFiles.failed(finished, e);
    }
  }

  /** Removes the files that nothing refers to, and returns them. */
  public List<String> sweep(Predicate<String> referenced) {
    try (Stream<Path> files = Files.list(finished)) {
      List<String> removed = new ArrayList<>();
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!referenced.test(name)) {
          Files.delete(file);
          removed.add(name);
        }
      }
      return List.copyOf(removed);
    } catch (IOException e) {
      throw PrivateFiles.failed(finished, e);
    }
  }

  /** The upload of that key, as far as it has come. */
  public PartialUpload upload(String key, long limit) {
    return uploads.computeIfAbsent(
        key, k -> PartialUpload.open(this, partial.resolve(PartialUpload.checked(k)), k, limit));
  }

  /** Forgets the uploads whose keys are not wanted any more. */
  public void keepUploads(Set<String> keys) {
    try (Stream<Path> files = Files.list(partial)) {
      for (Path file : files.toList()) {
        String key = file.getFileName().toString();
        if (!keys.contains(key) && !uploads.containsKey(key)) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw PrivateFiles.failed(partial, e);
    }
  }

  void closed(String key) {
    uploads.remove(key);
  }

  void publish(Path file, Blob blob) throws IOException {
    Path name = file(blob.sha256());
    if (Files.exists(name)) {
      Files.delete(file);
    } else {
      PrivateFiles.publish(file, name);
    }
  }

  static RuntimeException tooLarge(long limit) {
    return Problem.of(Code.Q1306, "more than the %d bytes that are taken".formatted(limit))
        .withState("nothing was added")
        .asException();
  }

  /** A digest becomes a file's name, so it is checked like one. */
  static String checked(String sha256) {
    if (!SHA256.matcher(sha256).matches()) {
      throw Problem.of(Code.Q1306, "a SHA-256 is 64 lower-case hex digits").asException();
    }
    return sha256;
  }

  /** Where its bytes are. */
  Path file(String sha256) {
    return finished.resolve(checked(sha256));
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw PrivateFiles.failed(file, e);
    }
  }

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(directory)) {
          Files.delete(file);
        }
      }
    }
  }
}
