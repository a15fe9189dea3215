package io.quorate.coordinator.catalogue;

import io.quorate.coordinator.store.Snapshots;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads etcd's database (a bbolt file, little-endian) to the end and tells what {@code etcdutl
 * snapshot status} tells of it.
 *
 * <ol>
 *   <li>Of the two meta pages at the start, the one with the right checksum and the higher
 *       transaction counts.
 *   <li>From its root the tree is walked in the order of the keys. Each page must say of itself
 *       that it is the one that was asked for, lie below the high-water mark, and be reached once.
 *   <li>The values of the root's leaves are buckets, with a root page of their own or, when small,
 *       with their one page inside the value. The hash goes over each bucket's name, then its keys
 *       and values.
 *   <li>Keys in the bucket {@code key} begin with a revision; the last one's is the database's.
 * </ol>
 */
final class DatabaseFile {
  private static final int HEADER = 16;
  private static final int ELEMENT = 16;
  private static final int META = 64;
  private static final int META_SUMMED = 56;
  private static final int BRANCH = 1;
  private static final int LEAF = 2;
  private static final int BUCKET = 1;
  private static final int MAGIC = 0xED0CDAED;
  private static final int VERSION = 2;
  private static final int DEEPEST = 64;
  private static final int USUAL_PAGE = 4096;
  private static final int SMALLEST_PAGE = 512;
  private static final int LARGEST_PAGE = 1 << 20;
  private static final byte[] KEYS = "key".getBytes(StandardCharsets.US_ASCII);

  private final FileChannel channel;
  private final long size;
  private final CRC32C hash = new CRC32C();
  private final BitSet reached = new BitSet();
  private int pageSize = USUAL_PAGE;
  private long highWater;
  private long entries;
  private long revision;

  private DatabaseFile(FileChannel channel, long size) {
    this.channel = channel;
    this.size = size;
  }

  /** It cannot be read as a database, whatever the hash at its end says. */
  static final class Damaged extends IOException {
    private static final long serialVersionUID = 1L;

    Damaged(String why) {
      super(why);
    }
  }

  /**
   * Its content, without what only a running etcd knows.
   *
   * @param size of the database, without what follows it in a snapshot
   */
  static Snapshots.Content read(FileChannel channel, long size) throws IOException {
    DatabaseFile file = new DatabaseFile(channel, size);
    try {
      file.walkBuckets(file.root(), 0);
    } catch (EOFException
        | IndexOutOfBoundsException
        | IllegalArgumentException
        | ArithmeticException e) {
      throw new Damaged("it points to where nothing is");
    }
    return new Snapshots.Content(file.revision, file.entries, file.hash.getValue());
  }

  /** The page that the root bucket begins at. */
  private long root() throws IOException {
    ByteBuffer first = meta(0);
    ByteBuffer second = meta(first == null ? USUAL_PAGE : first.getInt(8));
    ByteBuffer meta = newer(first, second);
    if (meta == null) {
      throw new Damaged("neither of its first two pages is right");
    }
    pageSize = meta.getInt(8);
    highWater = meta.getLong(40);
    if (highWater < 2 || highWater > size / pageSize) {
      throw new Damaged("it has fewer pages than it says");
    }
    return meta.getLong(16);
  }

  private static @Nullable ByteBuffer newer(
      @Nullable ByteBuffer first, @Nullable ByteBuffer second) {
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return Long.compareUnsigned(first.getLong(48), second.getLong(48)) >= 0 ? first : second;
  }

  /** The meta page's content at a place in the file; null when there is none that is right. */
  private @Nullable ByteBuffer meta(long place) throws IOException {
    if (place + HEADER + META > size) {
      return null;
    }
    ByteBuffer meta = bytes(place + HEADER, META);
    int claimed = meta.getInt(8);
    boolean right =
        meta.getInt(0) == MAGIC
            && meta.getInt(4) == VERSION
            && Integer.bitCount(claimed) == 1
            && claimed >= SMALLEST_PAGE
            && claimed <= LARGEST_PAGE
            && meta.getLong(META_SUMMED) == fnv(meta);
    return right ? meta : null;
  }

  /** FNV-1a of 64 bits over all but the sum itself. */
  private static long fnv(ByteBuffer meta) {
    long sum = 0xcbf29ce484222325L;
    for (int i = 0; i < META_SUMMED; i++) {
      sum = (sum ^ (meta.get(i) & 0xff)) * 0x100000001b3L;
    }
    return sum;
  }

  /** The root bucket: its values are buckets. */
  private void walkBuckets(long id, int depth) throws IOException {
    ByteBuffer page = page(id, depth);
    boolean branch = isBranch(page, id);
    for (int i = 0; i < count(page); i++) {
      int at = HEADER + i * ELEMENT;
      if (branch) {
        walkBuckets(page.getLong(at + 8), depth + 1);
      } else {
        bucket(page, at, depth);
      }
    }
  }

  private void bucket(ByteBuffer page, int at, int depth) throws IOException {
    if ((page.getInt(at) & BUCKET) == 0) {
      throw new Damaged("there is a key outside of any bucket");
    }
    int nameAt = at + page.getInt(at + 4);
    int nameLength = page.getInt(at + 8);
    Objects.checkFromIndexSize(nameAt, nameLength, page.limit());
    byte[] name = new byte[nameLength];
    page.get(nameAt, name);
    hash.update(name);
    boolean keys = Arrays.equals(name, KEYS);
    int valueAt = nameAt + nameLength;
    long root = page.getLong(valueAt);
    if (root == 0) {
      int length = page.getInt(at + 12);
      ByteBuffer inside = page.slice(valueAt + HEADER, length - HEADER);
      leaf(inside.order(ByteOrder.LITTLE_ENDIAN), keys);
    } else {
      walk(root, keys, depth + 1);
    }
  }

  private void walk(long id, boolean keys, int depth) throws IOException {
    ByteBuffer page = page(id, depth);
    if (isBranch(page, id)) {
      for (int i = 0; i < count(page); i++) {
        walk(page.getLong(HEADER + i * ELEMENT + 8), keys, depth + 1);
      }
    } else {
      leaf(page, keys);
    }
  }

  private void leaf(ByteBuffer page, boolean keys) {
    int count = count(page);
    byte[] bytes = page.array();
    int start = page.arrayOffset();
    for (int i = 0; i < count; i++) {
      int at = HEADER + i * ELEMENT;
      int key = at + page.getInt(at + 4);
      boolean bucket = (page.getInt(at) & BUCKET) != 0;
      // The value follows its key, so one stretch is both; a bucket within has no value.
      int length = page.getInt(at + 8) + (bucket ? 0 : page.getInt(at + 12));
      Objects.checkFromIndexSize(key, length, page.limit());
      hash.update(bytes, start + key, length);
      if (keys) {
        revision = Long.reverseBytes(page.getLong(key)); // big-endian
      }
    }
    entries += count;
  }

  /** A page with what it flows over into, once in all. */
  private ByteBuffer page(long id, int depth) throws IOException {
    if (id < 2 || id >= highWater || depth > DEEPEST) {
      throw new Damaged("it points to page %d, which cannot be".formatted(id));
    }
    ByteBuffer first = bytes(id * pageSize, pageSize);
    long overflow = first.getInt(12) & 0xffffffffL;
    if (first.getLong(0) != id) {
      throw new Damaged("page %d is not there".formatted(id));
    }
    int from = Math.toIntExact(id);
    int to = Math.toIntExact(id + 1 + overflow);
    int next = reached.nextSetBit(from);
    if (to > highWater || (next >= 0 && next < to)) {
      throw new Damaged("page %d is used twice".formatted(id));
    }
    reached.set(from, to);
    return overflow == 0 ? first : bytes(id * pageSize, Math.toIntExact((1 + overflow) * pageSize));
  }

  private static boolean isBranch(ByteBuffer page, long id) throws IOException {
    return switch (page.getShort(8)) {
      case BRANCH -> true;
      case LEAF -> false;
      default -> throw new Damaged("page %d is neither a branch nor a leaf".formatted(id));
    };
  }

  private static int count(ByteBuffer page) {
    return page.getShort(10) & 0xffff;
  }

  private ByteBuffer bytes(long place, int length) throws IOException {
    if (place + length > size) {
      throw new EOFException();
    }
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, place + buffer.position()) < 0) {
        throw new EOFException();
      }
    }
    return buffer.flip();
  }
}
