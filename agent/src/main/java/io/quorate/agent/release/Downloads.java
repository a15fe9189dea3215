package io.quorate.agent.release;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.CrashPoints.DurableStep;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.Sha256;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Blobs that are known by their SHA-256, on this host's disk: fetched from where an earlier attempt
 * got to, never longer than announced, and under their final name only once they verify.
 */
public final class Downloads {
  private static final long MARGIN = 64L << 20;
  private static final long LARGEST = 64L << 30;

  private final Host host;
  private final Layout layout;
  private final BlobSource source;
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  public Downloads(Host host, Layout layout, BlobSource source) {
    this.host = host;
    this.layout = layout;
    this.source = source;
  }

  /** The verified blob; fetched when it is not there. */
  public Path get(String sha256, long size) throws IOException {
    if (!sha256.matches("[0-9a-f]{64}") || size < 0 || size > LARGEST) {
      throw Problem.of(Code.Q2015, "not a SHA-256, or an impossible size").asException();
    }
    ReentrantLock lock = locks.computeIfAbsent(sha256, it -> new ReentrantLock());
    lock.lock();
    try {
      Path whole = layout.blobs().resolve(sha256);
      if (!host.stat(whole).isFile()) {
        host.makeDirectory(layout.blobs(), Access.closed(""));
        fetch(sha256, size, layout.blobs().resolve(sha256 + ".part"));
        host.rename(layout.blobs().resolve(sha256 + ".part"), whole);
        host.crashPoints().after(DurableStep.DOWNLOAD);
      }
      return whole;
    } finally {
      lock.unlock();
    }
  }

  /** What has been made of it is in place; the archive is not needed any more. */
  public void forget(String sha256) throws IOException {
    host.removeTree(layout.blobs().resolve(sha256));
  }

  private void fetch(String sha256, long size, Path part) throws IOException {
    host.crashPoints().before(DurableStep.DOWNLOAD);
    long there = host.stat(part).size();
    long most = size == 0 ? LARGEST : size;
    if (there > most) {
      host.removeTree(part);
      there = 0;
    }
    if (host.freeBytes(layout.blobs()) < size - there + MARGIN) {
      throw Problem.of(
              Code.Q2014,
              "a download of %d bytes does not fit beside %s".formatted(size, layout.blobs()))
          .withRemedy("free space in the file system of " + layout.blobs())
          .asException();
    }
    if (size == 0 || there < size) {
      try (OutputStream out = host.append(part)) {
        source.fetch(sha256, there, new Capped(out, most - there));
      }
    }
    verify(sha256, part);
  }

  private void verify(String sha256, Path part) throws IOException {
    String found;
    try (InputStream in = host.open(part, 0)) {
      found = Sha256.of(in);
    }
    if (!found.equals(sha256)) {
      host.removeTree(part);
      throw Problem.of(
              Code.Q2015, "what was downloaded has the SHA-256 %s, not %s".formatted(found, sha256))
          .withRemedy("it is fetched again; if this goes on, add it to the coordinator again")
          .asException();
    }
  }

  /** An endless blob ends here. */
  private static final class Capped implements BlobSource.Sink {
    private final OutputStream out;
    private long left;

    Capped(OutputStream out, long left) {
      this.out = out;
      this.left = left;
    }

    @Override
    public void accept(byte[] bytes) throws IOException {
      left -= bytes.length;
      if (left < 0) {
        throw Problem.of(Code.Q2015, "the download is longer than announced").asException();
      }
      out.write(bytes);
    }
  }
}
