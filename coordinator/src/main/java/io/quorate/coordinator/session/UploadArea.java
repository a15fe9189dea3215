package io.quorate.coordinator.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.pki.SecretFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where hosts put what an operation made: one file an operation, readable by the coordinator only.
 *
 * <ol>
 *   <li>Bytes are appended to {@code ID.part}; an upload that broke goes on where the file ends.
 *   <li>The last chunk brings the SHA-256 of the whole. The file is synced and read back; when the
 *       digest is not that, it is deleted, and the upload begins anew.
 *   <li>Otherwise it is renamed to {@code ID}, and that is the only way for it to get there: a file
 *       of that name is complete and verified.
 * </ol>
 */
public final class UploadArea {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  private final Path directory;
  private final long largest;

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
    Files.deleteIfExists(file(operationId));
    Files.deleteIfExists(part(operationId));
  }

  Status status(String operationId) throws IOException {
    Optional<Path> complete = complete(operationId);
    if (complete.isPresent()) {
      return new Status(Files.size(complete.get()), Optional.of(digest(complete.get())));
    }
    Path part = part(operationId);
    return new Status(Files.exists(part) ? Files.size(part) : 0, Optional.empty());
  }

  void append(String operationId, long offset, ByteBuffer bytes) throws IOException {
    if (offset + bytes.remaining() > largest) {
      throw Problem.of(Code.Q1306, "the upload is larger than %d bytes".formatted(largest))
          .asException();
    }
    try (FileChannel channel =
        FileChannel.open(
            part(operationId),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      if (channel.size() != offset) {
        throw Problem.of(
                Code.Q1306,
                "the upload goes on at byte %d, not at %d".formatted(channel.size(), offset))
            .asException();
      }
      channel.position(offset);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  Status finish(String operationId, String sha256) throws IOException {
    Optional<Path> already = complete(operationId);
    if (already.isPresent()) {
      return status(operationId);
    }
    Path part = part(operationId);
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    String found = digest(part);
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

  private Path file(String operationId) {
    if (!ID.matcher(operationId).matches()) {
      throw Problem.of(Code.Q1306, "not an operation's id").asException();
    }
    return directory.resolve(operationId);
  }

  private Path part(String operationId) {
    return file(operationId).resolveSibling(operationId + ".part");
  }

  private static String digest(Path file) throws IOException {
    try (InputStream bytes =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      bytes.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(((DigestInputStream) bytes).getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
