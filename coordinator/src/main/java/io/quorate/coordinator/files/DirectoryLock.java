package io.quorate.coordinator.files;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a second coordinator out of a data directory: a lock on {@code coordinator.lock} that the
 * kernel gives back when the process ends, however it ends.
 */
public final class DirectoryLock implements AutoCloseable {
  /**
   * Those of this process. Asking the kernel is not enough here: closing any descriptor of a file
   * gives back the process' lock on it, so a second attempt would already do harm.
   */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path key;
  private final FileChannel channel;

  private DirectoryLock(Path key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /** Refuses with Q1311 while another has it. */
  public static DirectoryLock take(Path directory) throws IOException {
    Path key = directory.toRealPath();
    if (!OURS.add(key)) {
      throw inUse(directory);
    }
    boolean taken = false;
    try {
      Path file = directory.resolve("coordinator.lock");
      PrivateFiles.ensure(file);
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      try {
        taken = channel.tryLock() != null;
      } finally {
        if (!taken) {
          channel.close();
        }
      }
      if (taken) {
        return new DirectoryLock(key, channel);
      }
      throw inUse(directory);
    } finally {
      if (!taken) {
        OURS.remove(key);
      }
    }
  }

  private static RuntimeException inUse(Path directory) {
    return Problem.of(
            Code.Q1311,
            "the data directory %s is in use by another coordinator".formatted(directory))
        .withState("nothing was changed")
        .withRemedy("fuser -v %s".formatted(directory.resolve("coordinator.lock")))
        .asException();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      OURS.remove(key);
    }
  }
}
