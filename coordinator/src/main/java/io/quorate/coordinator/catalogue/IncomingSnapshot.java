package io.quorate.coordinator.catalogue;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.files.Digests;
import io.quorate.coordinator.files.PrivateFiles;
import io.quorate.coordinator.store.Snapshots;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A snapshot on its way in. What comes is written and digested at once, the last 32 bytes always
 * one step behind, because they are the digest of all before them. Nothing of it counts before the
 * shelf has been told to {@link SnapshotShelf#keep} it; closed before, it leaves nothing.
 */
public final class IncomingSnapshot implements AutoCloseable {
  private static final int TRAILER = 32;
  private static final int BLOCK = 512;

  private final BlobStore blobs;
  private final Path file;
  private final FileChannel channel;
  private final MessageDigest digest = Digests.sha256();
  private final FutureTask<Void> synced;
  private byte[] last = new byte[0];
  private long size;

  IncomingSnapshot(BlobStore blobs, Path file) throws IOException {
    this.blobs = blobs;
    this.file = file;
    PrivateFiles.ensure(file);
    this.channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    this.synced =
        new FutureTask<>(
            () -> {
              channel.force(true);
              return null;
            });
  }

  public void take(byte[] piece) throws IOException {
    PrivateFiles.writeAll(channel, ByteBuffer.wrap(piece));
    size += piece.length;
    if (piece.length >= TRAILER) {
      digest.update(last);
      digest.update(piece, 0, piece.length - TRAILER);
      last = Arrays.copyOfRange(piece, piece.length - TRAILER, piece.length);
    } else {
      byte[] both = Arrays.copyOf(last, last.length + piece.length);
      System.arraycopy(piece, 0, both, last.length, piece.length);
      int old = Math.max(0, both.length - TRAILER);
      digest.update(both, 0, old);
      last = Arrays.copyOfRange(both, old, both.length);
    }
  }

  /**
   * To be called when all has come: refuses with Q3501 when it is not whole, or no database. What
   * is on its way to the disk meanwhile is waited for in {@link #keep}.
   */
  public Snapshots.Content content() throws IOException {
    long body = size - TRAILER;
    if (body <= 0 || body % BLOCK != 0) {
      throw damaged("it does not end with a hash, so it was cut short");
    }
    if (!Digests.hexSoFar(digest).equals(HexFormat.of().formatHex(last))) {
      throw damaged("the hash at its end is not that of its bytes");
    }
    Thread.ofVirtual().name("sync").start(synced);
    try {
      return DatabaseFile.read(channel, body);
    } catch (DatabaseFile.Damaged e) {
      throw damaged(String.valueOf(e.getMessage()));
    }
  }

  /** Whatever was found right can be read under its digest from now, also after a loss of power. */
  Blob keep() throws IOException {
    await(synced);
    digest.update(last);
    Blob blob = new Blob(Digests.hex(digest), size);
    blobs.publish(file, blob);
    return blob;
  }

  private static void await(FutureTask<Void> synced) throws IOException {
    try {
      synced.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static RuntimeException damaged(String why) {
    return Problem.of(Code.Q3501, "the snapshot is damaged: " + why)
        .withState("nothing was changed")
        .asException();
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }
}
