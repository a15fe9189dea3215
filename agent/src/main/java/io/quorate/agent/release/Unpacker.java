package io.quorate.agent.release;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.HostFiles;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Unpacks an archive into a directory of its own, and nothing beside it. Plain files and
 * directories only: links, devices, FIFOs, set-id bits, names that climb out or appear twice are
 * refused, and so is one that grows beyond its limits. What a refused archive has left is for the
 * caller to remove.
 */
public final class Unpacker {
  private static final int LONGEST_NAME = 300;
  private static final long SMALL_ENOUGH = 16L << 20;

  private final HostFiles files;
  private final Limits limits;

  /** How large an archive may become. */
  public record Limits(long bytes, int entries, int ratio) {
    /** More than any release of etcd. */
    public static final Limits RELEASE = new Limits(1L << 30, 10_000, 100);

    /** A data directory, whose preallocated logs pack well. */
    public static Limits data(long archiveSize) {
      return new Limits(archiveSize, 100_000, 1);
    }
  }

  public Unpacker(HostFiles files, Limits limits) {
    this.files = files;
    this.limits = limits;
  }

  /** Unpacks a gzipped tar. */
  public void unpackGzip(InputStream archive, Path directory) throws IOException {
    Counting counting = new Counting(archive);
    files.makeDirectory(directory, Access.PUBLIC_DIRECTORY);
    try (InputStream plain =
        GzipCompressorInputStream.builder()
            .setInputStream(counting)
            .setDecompressConcatenated(true)
            .get()) {
      unpack(plain, directory::resolve, counting);
    }
  }

  /**
   * Unpacks a plain tar.
   *
   * @param places where each name goes; names are safe to resolve by then
   */
  public void unpackTar(InputStream archive, UnaryOperator<Path> places) throws IOException {
    Counting counting = new Counting(archive);
    unpack(counting, places, counting);
  }

  private void unpack(InputStream plain, UnaryOperator<Path> places, Counting packed)
      throws IOException {
    Set<Path> seen = new HashSet<>();
    Budget budget = new Budget(packed);
    try (TarArchiveInputStream tar = new TarArchiveInputStream(plain, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path name = check(entry);
        budget.entry();
        if (entry.isDirectory()) {
          files.makeDirectory(places.apply(name), Access.PUBLIC_DIRECTORY);
          continue;
        }
        if (!seen.add(name)) {
          throw dangerous(entry, "appears twice");
        }
        Path file = places.apply(name);
        Path parent = file.getParent();
        if (parent != null) {
          files.makeDirectory(parent, Access.PUBLIC_DIRECTORY);
        }
        boolean executable = (entry.getMode() & 0100) != 0;
        try (OutputStream out = files.create(file, new Access("", executable ? 0755 : 0644))) {
          copy(tar, out, budget);
        }
      }
    }
  }

  private static void copy(InputStream in, OutputStream out, Budget budget) throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      budget.bytes(n);
      out.write(buffer, 0, n);
    }
  }

  private static Path check(TarArchiveEntry entry) {
    byte kind = entry.getLinkFlag();
    boolean plain =
        kind == TarConstants.LF_NORMAL || kind == TarConstants.LF_OLDNORM || entry.isDirectory();
    if (!plain || entry.isSymbolicLink() || entry.isLink() || entry.isSparse()) {
      throw dangerous(entry, "is neither a plain file nor a directory");
    }
    if ((entry.getMode() & 07000) != 0) {
      throw dangerous(entry, "has a set-id or sticky bit");
    }
    String name = entry.getName();
    if (name.isEmpty() || name.length() > LONGEST_NAME || name.chars().anyMatch(c -> c < ' ')) {
      throw dangerous(entry, "has an impossible name");
    }
    if (name.startsWith("/") || name.contains("\\")) {
      throw dangerous(entry, "has an absolute or foreign path");
    }
    Path path = Path.of(name);
    for (Path part : path) {
      if (part.toString().equals("..") || part.toString().equals(".")) {
        throw dangerous(entry, "climbs out of the archive");
      }
    }
    return path;
  }

  private static RuntimeException dangerous(TarArchiveEntry entry, String why) {
    String name = entry.getName().replaceAll("\\p{Cntrl}", "?");
    String cut = name.length() > 60 ? name.substring(0, 60) + "…" : name;
    return Problem.of(Code.Q1105, "'%s' in the archive %s".formatted(cut, why)).asException();
  }

  /** Counts what has been unpacked, and stops what grows too large. */
  private final class Budget {
    private final Counting packed;
    private long bytes;
    private int entries;

    Budget(Counting packed) {
      this.packed = packed;
    }

    void entry() {
      entries++;
      if (entries > limits.entries) {
        throw tooLarge("holds more than %d entries".formatted(limits.entries));
      }
    }

    void bytes(int more) {
      bytes += more;
      if (bytes > limits.bytes) {
        throw tooLarge("unpacks to more than %d bytes".formatted(limits.bytes));
      }
      if (bytes > SMALL_ENOUGH && bytes / limits.ratio > packed.count) {
        throw tooLarge("unpacks to more than %d times its size".formatted(limits.ratio));
      }
    }

    private RuntimeException tooLarge(String how) {
      return Problem.of(Code.Q1105, "the archive " + how).asException();
    }
  }

  private static final class Counting extends FilterInputStream {
    private long count;

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int n = super.read(bytes, from, length);
      count += Math.max(n, 0);
      return n;
    }
  }
}
