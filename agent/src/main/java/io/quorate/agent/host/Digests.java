package io.quorate.agent.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * SHA-256 of large files. An etcd is looked at several times around its start: when it is unpacked,
 * right before it is started, and when it runs; each time is a restart's time.
 *
 * <ol>
 *   <li>What was read less than {@link #FRESH} ago is not read again while the kernel says that it
 *       is the same file, unchanged: device, inode, size, and the times of its last change of
 *       content and of anything, the second of which nobody can set.
 *   <li>A file that changed so shortly before it was read that another change could bear the same
 *       time is not remembered.
 * </ol>
 */
final class Digests {
  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final Duration TICK = Duration.ofMillis(50);
  private static final int MOST = 100;
  private static final String IDENTITY = "unix:dev,ino,size,lastModifiedTime,ctime";

  private final Map<Map<String, Object>, Known> known = new ConcurrentHashMap<>();

  private final InstantSource clock;

  private record Known(String sha256, long at) {}

  /**
   * @param clock the one by which the kernel stamps files
   */
  Digests(InstantSource clock) {
    this.clock = clock;
  }

  String of(Path file) throws IOException {
    Map<String, Object> before = Files.readAttributes(file, IDENTITY);
    Known last = known.get(before);
    if (last != null && System.nanoTime() - last.at < FRESH.toNanos()) {
      return last.sha256;
    }
    boolean settled = settled(before);
    long began = System.nanoTime();
    String sha256;
    try (InputStream in = Files.newInputStream(file)) {
      sha256 = Sha256.of(in);
    }
    if (settled && Files.readAttributes(file, IDENTITY).equals(before)) {
      if (known.size() >= MOST) {
        known.clear();
      }
      known.put(before, new Known(sha256, began));
    }
    return sha256;
  }

  private boolean settled(Map<String, Object> identity) {
    return identity.get("ctime") instanceof FileTime changed
        && clock.millis() - changed.toMillis() > TICK.toMillis();
  }
}
