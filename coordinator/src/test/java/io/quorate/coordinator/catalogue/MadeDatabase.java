package io.quorate.coordinator.catalogue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The smallest database that etcd's storage makes of one bucket: two meta pages, a freelist, the
 * root's leaf with the bucket {@code key} inside, and in it one key for each revision.
 */
public final class MadeDatabase {
  public static final int PAGE = 4096;
  private static final int PAGES = 4;
  private static final int HEADER = 16;
  private static final int META_SUMMED = 56;

  private MadeDatabase() {}

  /** The database alone, up to that revision. */
  public static byte[] upTo(long revision) {
    ByteBuffer file = ByteBuffer.allocate(PAGES * PAGE).order(ByteOrder.LITTLE_ENDIAN);
    meta(file, 0, revision + 1);
    meta(file, 1, revision);
    header(file, 2 * PAGE, 2, 0x10, 0);
    header(file, 3 * PAGE, 3, 2, 1);
    byte[] name = "key".getBytes(US_ASCII);
    byte[] inside = bucket(revision);
    int element = 3 * PAGE + HEADER;
    file.putInt(element, 1).putInt(element + 4, HEADER);
    file.putInt(element + 8, name.length).putInt(element + 12, inside.length);
    file.put(element + HEADER, name).put(element + HEADER + name.length, inside);
    return file.array();
  }

  /** As etcd sends it: with its digest behind it. */
  public static byte[] snapshot(byte[] database) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(database);
      byte[] all = Arrays.copyOf(database, database.length + digest.length);
      System.arraycopy(digest, 0, all, database.length, digest.length);
      return all;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With the checksum of a meta page made right again after a change to it. */
  static byte[] summed(byte[] database, int page) {
    ByteBuffer file = ByteBuffer.wrap(database).order(ByteOrder.LITTLE_ENDIAN);
    sum(file, page * PAGE + HEADER);
    return database;
  }

  private static byte[] bucket(long revision) {
    int count = Math.toIntExact(revision);
    int each = HEADER + 17 + 1;
    ByteBuffer inside =
        ByteBuffer.allocate(HEADER + HEADER + count * each).order(ByteOrder.LITTLE_ENDIAN);
    header(inside, HEADER, 0, 2, count);
    for (int i = 0; i < count; i++) {
      int element = HEADER + HEADER + i * HEADER;
      int key = HEADER + HEADER + count * HEADER + i * 18;
      inside.putInt(element + 4, key - element);
      inside.putInt(element + 8, 17).putInt(element + 12, 1);
      inside.putLong(key, Long.reverseBytes(i + 1L)).put(key + 8, (byte) '_');
      inside.put(key + 17, (byte) 'v');
    }
    return inside.array();
  }

  private static void meta(ByteBuffer file, int page, long transaction) {
    header(file, page * PAGE, page, 4, 0);
    int meta = page * PAGE + HEADER;
    file.putInt(meta, 0xED0CDAED).putInt(meta + 4, 2).putInt(meta + 8, PAGE);
    file.putLong(meta + 16, 3).putLong(meta + 32, 2).putLong(meta + 40, PAGES);
    file.putLong(meta + 48, transaction);
    sum(file, meta);
  }

  private static void sum(ByteBuffer file, int meta) {
    long sum = 0xcbf29ce484222325L;
    for (int i = 0; i < META_SUMMED; i++) {
      sum = (sum ^ (file.get(meta + i) & 0xff)) * 0x100000001b3L;
    }
    file.putLong(meta + META_SUMMED, sum);
  }

  private static void header(ByteBuffer file, int at, long id, int flags, int count) {
    file.putLong(at, id).putShort(at + 8, (short) flags).putShort(at + 10, (short) count);
  }
}
