package io.quorate.coordinator.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.pki.SecretFiles;
import io.quorate.coordinator.files.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where hosts put what an operation made: one file an operation, readable by the coordinator only.
 *
 * <ol>
 *   <li>Bytes are appended to {@code ID.part}; an upload that broke goes on where the file ends.
 *   <li>The last chunk brings the SHA-256 of the whole. The file is synced; when the digest that
 *       was taken while it came is not that, it is deleted, and the upload begins anew.
 *   <li>Otherwise it is renamed to {@code ID}, and that is the only way for it to get there: a file
 *       of that name is complete and verified.
 * </ol>
 */
public final class UploadArea {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  private static final String PART = ".part";

  private final Path directory;
  private final long largest;
  private final Map<String, Coming> underWay = new HashMap<>();

  public UploadArea(Path directory, long largest) throws IOException {
    this.directory = directory;
    this.largest = largest;
    SecretFiles.makeDirectory(directory);
  }

  /** How much of it has arrived; the digest once it is complete. */
  record Status(long received, Optional<String> sha256) {}

  /** The verified file. */
  public Optional<Path> complete(String operationId) {
    Path file = file(operationId);
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  /** Whatever there is of it; its consumer has it elsewhere, or nobody wants it any more. */
  public void discard(String operationId) throws IOException {
    forget(operationId);
    Files.deleteIfExists(file(operationId));
    Files.deleteIfExists(part(operationId));
  }

  /** Drops what belongs to no operation that is still open; before anybody can upload. */
  public void keepOnly(Set<String> open) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!open.contains(
            name.endsWith(PART) ? name.substring(0, name.length() - PART.length()) : name)) {
          Files.delete(file);
        }
      }
    }
  }

  Status status(String operationId) throws IOException {
    Optional<Path> complete = complete(operationId);
    if (complete.isPresent()) {
      return new Status(Files.size(complete.get()), Optional.of(Digests.of(complete.get())));
    }
    Path part = part(operationId);
    return new Status(Files.exists(part) ? Files.size(part) : 0, Optional.empty());
  }

  void append(String operationId, long offset, ByteBuffer bytes) throws IOException {
    if (offset + bytes.remaining() > largest) {
      throw Problem.of(Code.Q1306, "the upload is larger than %d bytes".formatted(largest))
          .asException();
    }
    Coming coming = coming(operationId);
    synchronized (coming) {
      if (coming.at != offset) {
        throw Problem.of(
                Code.Q1306, "the upload goes on at byte %d, not at %d".formatted(coming.at, offset))
            .asException();
      }
      try {
        coming.at += bytes.remaining();
        coming.digest.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
          coming.channel.write(bytes);
        }
      } catch (IOException e) {
        forget(operationId); // what has really arrived is read again
        throw e;
      }
    }
  }

  Status finish(String operationId, String sha256) throws IOException {
    Optional<Path> already = complete(operationId);
    if (already.isPresent()) {
      return status(operationId);
    }
    Coming coming = coming(operationId);
    String found;
    synchronized (coming) {
      coming.channel.force(true);
      found = Digests.hexSoFar(coming.digest);
    }
    forget(operationId);
    Path part = part(operationId);
    if (!found.equals(sha256)) {
      Files.delete(part);
      throw Problem.of(
              Code.Q1306, "what arrived has the SHA-256 %s, not %s".formatted(found, sha256))
          .withRemedy("the host sends it again")
          .asException();
    }
    Files.move(part, file(operationId), StandardCopyOption.ATOMIC_MOVE);
    SecretFiles.sync(directory);
    return new Status(Files.size(file(operationId)), Optional.of(found));
  }

  /** A file on its way: what is written is taken into the digest as it comes. */
  private static final class Coming {
    private final FileChannel channel;
    private final MessageDigest digest = Digests.sha256();
    private long at;

    Coming(FileChannel channel) throws IOException {
      this.channel = channel;
      ByteBuffer buffer = ByteBuffer.allocate(Digests.BUFFER);
      while (channel.read(buffer) >= 0) {
        buffer.flip();
        at += buffer.remaining();
        digest.update(buffer);
        buffer.clear();
      }
    }
  }

  private Coming coming(String operationId) throws IOException {
    synchronized (underWay) {
      Coming known = underWay.get(operationId);
      if (known == null) {
        known =
            new Coming(
                FileChannel.open(
                    part(operationId),
                    Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString("rw-------"))));
        underWay.put(operationId, known);
      }
      return known;
    }
  }

  private void forget(String operationId) throws IOException {
    synchronized (underWay) {
      Coming known = underWay.remove(operationId);
      if (known != null) {
        known.channel.close();
      }
    }
  }

  private Path file(String operationId) {
    if (!ID.matcher(operationId).matches()) {
      throw Problem.of(Code.Q1306, "not an operation's id").asException();
    }
    return directory.resolve(operationId);
  }

  private Path part(String operationId) {
    return file(operationId).resolveSibling(operationId + PART);
  }
}
