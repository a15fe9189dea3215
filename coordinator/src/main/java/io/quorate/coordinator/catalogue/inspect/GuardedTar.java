package io.quorate.coordinator.catalogue.inspect;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.files.Digests;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * A stranger's tar.gz, entry by entry. Only plain files and directories with plain relative names
 * come out of it, and never more than the limits allow, of bytes, of entries, of bytes out of one
 * compressed byte, nor of one entry's header; anything else is refused (Q1105).
 */
final class GuardedTar implements AutoCloseable {
  /** More than any honest header needs, with its extensions. */
  private static final long HEADER_BYTES = 256 * 1024;

  private static final int SET_ID_OR_STICKY = 07000;

  private final Limits limits;
  private final Counting compressed;
  private final Counting unpacked;
  private final TarArchiveInputStream tar;
  private final Set<String> names = new HashSet<>();
  private long allowed = HEADER_BYTES;

  static GuardedTar open(InputStream archive, Limits limits) {
    try {
      return new GuardedTar(archive, limits);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private GuardedTar(InputStream archive, Limits limits) throws IOException {
    this.limits = limits;
    this.compressed = new Counting(archive, () -> {});
    InputStream plain =
        GzipCompressorInputStream.builder()
            .setInputStream(new BufferedInputStream(compressed, Digests.BUFFER))
            .setDecompressConcatenated(true)
            .get();
    this.unpacked = new Counting(plain, this::account);
    this.tar = new TarArchiveInputStream(unpacked, StandardCharsets.UTF_8.name());
  }

  /** One plain file or directory. */
  record Item(String name, boolean directory, long size) {}

  /** The next entry, whose content {@link #read} then gives; empty at the end. */
  Optional<Item> next() {
    try {
      skipRest();
      allowed = unpacked.count + HEADER_BYTES;
      TarArchiveEntry entry = tar.getNextEntry();
      if (entry == null) {
        readToEnd();
        return Optional.empty();
      }
      return Optional.of(item(entry));
    } catch (IOException | IllegalArgumentException e) {
      throw broken(e);
    }
  }

  private Item item(TarArchiveEntry entry) {
    check(entry);
    allowed = unpacked.count + entry.getSize() + TarConstants.DEFAULT_BLKSIZE;
    String name = entry.getName();
    return new Item(
        entry.isDirectory() ? name.replaceFirst("/$", "") : name,
        entry.isDirectory(),
        entry.getSize());
  }

  /** As {@link InputStream#read(byte[])} of the current entry. */
  int read(byte[] buffer) {
    try {
      return tar.read(buffer);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }

  private void skipRest() throws IOException {
    byte[] buffer = new byte[Digests.BUFFER];
    while (tar.getCurrentEntry() != null && tar.read(buffer) >= 0) {
      // what is not wanted must still be looked at: the checksum is at the end
    }
  }

  /** gzip's own checksum comes last. */
  private void readToEnd() throws IOException {
    allowed = limits.unpackedBytes();
    byte[] buffer = new byte[Digests.BUFFER];
    while (unpacked.read(buffer) >= 0) {
      // only its checksum is of interest
    }
  }

  private void check(TarArchiveEntry entry) {
    String name = entry.getName();
    if (names.size() >= limits.entries()) {
      throw dangerous("it holds more than %d entries".formatted(limits.entries()));
    }
    if (!names.add(name)) {
      throw dangerous("it holds two entries named '%s'".formatted(printable(name)));
    }
    if (entry.isSymbolicLink() || entry.isLink()) {
      throw dangerous("'%s' is a link".formatted(printable(name)));
    }
    if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
      throw dangerous("'%s' is a device or a FIFO".formatted(printable(name)));
    }
    boolean plainFile =
        entry.getLinkFlag() == TarConstants.LF_NORMAL
            || entry.getLinkFlag() == TarConstants.LF_OLDNORM;
    if (entry.isSparse() || !(plainFile || entry.isDirectory())) {
      throw dangerous("'%s' is neither a plain file nor a directory".formatted(printable(name)));
    }
    if ((entry.getMode() & SET_ID_OR_STICKY) != 0) {
      throw dangerous("'%s' is setuid, setgid or sticky".formatted(printable(name)));
    }
    if (entry.getSize() < 0 || entry.getSize() > limits.unpackedBytes()) {
      throw dangerous("'%s' says that it is %d bytes".formatted(printable(name), entry.getSize()));
    }
    checkName(entry.isDirectory() ? name.replaceFirst("/$", "") : name);
  }

  private static void checkName(String name) {
    boolean plainName =
        !name.isEmpty()
            && name.length() <= 255
            && name.chars().noneMatch(c -> Character.isISOControl(c) || c == '\\');
    for (String part : name.split("/", -1)) {
      plainName = plainName && !part.isEmpty() && !part.equals(".") && !part.equals("..");
    }
    if (!plainName) {
      throw dangerous("'%s' is not a plain relative name".formatted(printable(name)));
    }
  }

  private void account() {
    if (unpacked.count > allowed || unpacked.count > limits.unpackedBytes()) {
      throw dangerous("it unpacks to more than its entries say or than is allowed");
    }
    if (unpacked.count > limits.ratioFrom()
        && unpacked.count / Math.max(1, compressed.count) > limits.ratio()) {
      throw dangerous("it unpacks to more than %d times its size".formatted(limits.ratio()));
    }
  }

  private static QuorateException broken(Exception cause) {
    return new QuorateException(
        Problem.of(Code.Q1101, "the archive cannot be read as tar.gz to its end")
            .withCause(printable(String.valueOf(cause.getMessage())))
            .withState("nothing was added")
            .withRemedy("fetch it again"),
        cause);
  }

  private static RuntimeException dangerous(String why) {
    return Problem.of(Code.Q1105, "the archive is refused: " + why)
        .withState("nothing was added")
        .asException();
  }

  private static String printable(String name) {
    String cut = name.length() > 80 ? name.substring(0, 80) + "…" : name;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }

  private static final class Counting extends FilterInputStream {
    private final Runnable onRead;
    private long count;

    Counting(InputStream in, Runnable onRead) {
      super(in);
      this.onRead = onRead;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      if (read > 0) {
        count += read;
        onRead.run();
      }
      return read;
    }

    @Override
    public long skip(long n) throws IOException {
      byte[] buffer = new byte[(int) Math.min(Digests.BUFFER, Math.max(1, n))];
      int read = read(buffer, 0, (int) Math.min(buffer.length, n));
      return Math.max(0, read);
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
