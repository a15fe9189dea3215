package io.quorate.coordinator.catalogue;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.files.Digests;
import io.quorate.coordinator.files.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * An upload that may break off and go on later, also after a restart of the coordinator. Bytes that
 * come a second time are passed over, a gap is refused, and only the right digest makes a blob of
 * it; with a wrong one everything is dropped, so that the next attempt starts anew.
 */
public final class PartialUpload {
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,127}");

  private final ReentrantLock lock = new ReentrantLock();
  private final BlobStore blobs;
  private final Path file;
  private final String key;
  private final long limit;
  private final FileChannel out;
  private final MessageDigest digest;
  private long received;

  private PartialUpload(
      BlobStore blobs, Path file, String key, long limit, FileChannel out, MessageDigest digest) {
    this.blobs = blobs;
    this.file = file;
    this.key = key;
    this.limit = limit;
    this.out = out;
    this.digest = digest;
  }

  /** A key becomes a file's name. */
  static String checked(String key) {
    if (!KEY.matcher(key).matches()) {
      throw Problem.of(Code.Q1306, "not the name of an upload").asException();
    }
    return key;
  }

  static PartialUpload open(BlobStore blobs, Path file, String key, long limit) {
    try {
      PrivateFiles.ensure(file);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
      PartialUpload upload = new PartialUpload(blobs, file, key, limit, channel, Digests.sha256());
      upload.takeUp();
      return upload;
    } catch (IOException e) {
      throw PrivateFiles.failed(file, e);
    }
  }

  private void takeUp() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Digests.BUFFER);
    while (out.read(buffer) >= 0) {
      buffer.flip();
      received += buffer.remaining();
      digest.update(buffer);
      buffer.clear();
    }
  }

  /** How many bytes have arrived without a gap. */
  public long received() {
    lock.lock();
    try {
      return received;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many bytes have arrived now. */
  public long append(long offset, ByteBuffer data) {
    lock.lock();
    try {
      if (offset < 0 || offset > received) {
        throw Problem.of(
                Code.Q1306, "an upload goes on at byte %d, not at %d".formatted(received, offset))
            .asException();
      }
      int known = (int) Math.min(received - offset, data.remaining());
      data.position(data.position() + known);
      if (received + data.remaining() > limit) {
        throw BlobStore.tooLarge(limit);
      }
      digest.update(data.duplicate());
      int length = data.remaining();
      PrivateFiles.writeAll(out, data);
      received += length;
      return received;
    } catch (IOException e) {
      drop();
      throw PrivateFiles.failed(file, e);
    } finally {
      lock.unlock();
    }
  }

  /** The blob, when the digest is the expected one; otherwise refused with {@code mismatch}. */
  public Blob finish(String expectedSha256, Code mismatch) {
    lock.lock();
    try {
      String expected = BlobStore.checked(expectedSha256);
      Blob blob = new Blob(Digests.hex(digest), received);
      if (!blob.sha256().equals(expected)) {
        drop();
        throw Problem.of(
                mismatch,
                "what has arrived has the SHA-256 %s, not %s".formatted(blob.sha256(), expected))
            .withState("it was dropped")
            .asException();
      }
      out.force(true);
      out.close();
      blobs.publish(file, blob);
      blobs.closed(key);
      return blob;
    } catch (IOException e) {
      drop();
      throw PrivateFiles.failed(file, e);
    } finally {
      lock.unlock();
    }
  }

  /** Ends it and forgets what has arrived. */
  public void drop() {
    lock.lock();
    try {
      blobs.closed(key);
      out.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw PrivateFiles.failed(file, e);
    } finally {
      lock.unlock();
    }
  }
}
