package io.quorate.agent.observe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that is appended to as etcd appends to its WAL: small records, each followed by fdatasync.
 * It grows as it is appended to, so that a sync has to write the file's new size too, as etcd's has
 * to turn preallocated blocks into written ones; overwriting would look faster than etcd can be.
 *
 * <p>Others may write to the directory: whatever lies under the name is unlinked, never followed or
 * opened.
 */
final class ProbeFile implements AutoCloseable {
  /** The record size that etcd's documentation tests disks with. */
  static final int RECORD_BYTES = 2300;

  static final long LARGEST_BYTES = 1 << 20;

  private final Path path;
  private final ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES);
  private @Nullable FileChannel channel;

  ProbeFile(Path path) {
    this.path = path;
  }

  /** Makes sure that {@link #append} has nothing to do but to append. */
  void prepare() throws IOException {
    FileChannel open = channel;
    if (open == null || !Files.exists(path)) {
      close();
      channel = create();
    } else if (open.size() + RECORD_BYTES > LARGEST_BYTES) {
      open.truncate(0);
      open.force(true);
    }
  }

  void append() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      throw new IOException(path + " is not open");
    }
    record.clear();
    while (record.hasRemaining()) {
      open.write(record);
    }
    open.force(false);
  }

  private FileChannel create() throws IOException {
    Files.deleteIfExists(path);
    return FileChannel.open(
        path,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /** Removes the file, also a full or half-written one. */
  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    if (open != null) {
      channel = null;
      try (open) {
        Files.deleteIfExists(path);
      }
    }
  }
}
