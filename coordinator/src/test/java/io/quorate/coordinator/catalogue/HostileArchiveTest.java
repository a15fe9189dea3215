package io.quorate.coordinator.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import io.quorate.coordinator.catalogue.inspect.Limits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

/** security.md, "Artifacts": what no release needs is refused, and leaves nothing behind. */
class HostileArchiveTest extends CatalogueTest {
  private static final String IN = Archives.DIRECTORY + "/";

  @Test
  void namesThatLeadElsewhere() throws Exception {
    for (String name :
        List.of(
            "../evil",
            IN + "../../evil",
            "/etc/cron.d/evil",
            IN + "./evil",
            IN + "/evil",
            "./evil",
            "..",
            IN + "a\\..\\b",
            IN + "line\nbreak",
            IN + "escape\u001b[2J",
            IN + "x".repeat(300))) {
      assertRefused(Code.Q1105, Archives.release().file(name, "evil").bytes());
    }
  }

  @Test
  void linksDevicesAndTheLike() throws Exception {
    for (Archives archive :
        List.of(
            Archives.release().symlink(IN + "x", "/etc/passwd"),
            Archives.release().symlink(IN + "x", "etcd"),
            Archives.release().link(IN + "x", TarConstants.LF_LINK, IN + "etcd"),
            Archives.release().special(IN + "x", TarConstants.LF_CHR),
            Archives.release().special(IN + "x", TarConstants.LF_BLK),
            Archives.release().special(IN + "x", TarConstants.LF_FIFO),
            Archives.release().special(IN + "x", TarConstants.LF_CONTIG),
            Archives.release().special(IN + "x", (byte) 'V'),
            Archives.release().mode(IN + "x", 0104755),
            Archives.release().mode(IN + "x", 0102755),
            Archives.release().mode(IN + "x", 0101755))) {
      assertRefused(Code.Q1105, archive.bytes());
    }
  }

  /** The classic: a link first, then a file through it. */
  @Test
  void aWriteThroughALink() throws Exception {
    assertRefused(
        Code.Q1105,
        new Archives()
            .directory(IN)
            .symlink(IN + "etcd", temporary.resolve("victim").toString())
            .file(IN + "etcd", FakeElf.etcd(FakeElf.AMD64, "3.5.99"))
            .bytes());
  }

  @Test
  void theSameNameTwice() throws Exception {
    assertRefused(
        Code.Q1105,
        Archives.release().file(IN + "etcd", FakeElf.etcd(FakeElf.AMD64, "3.5.99")).bytes());
  }

  @Test
  void aBombOfBytes() throws Exception {
    byte[] noise = new byte[300_000];
    new Random(1).nextBytes(noise);
    Archives archive = Archives.release();
    for (int i = 0; i < 15; i++) {
      archive.file(IN + "noise" + i, noise);
    }
    assertEquals(Code.Q1306, refusal(() -> add(archive.bytes())));
    Arrays.fill(noise, (byte) 0);
    intake = new ReleaseIntake(blobs, releases, new Limits(1_000_000, 4_000_000, 50, 5000, 0));
    assertRefused(Code.Q1105, archive.bytes());
  }

  @Test
  void aBombByRatio() throws Exception {
    assertRefused(Code.Q1105, Archives.release().file(IN + "zeros", new byte[2_000_000]).bytes());
  }

  @Test
  void aBombOfManyFiles() throws Exception {
    Archives archive = Archives.release();
    for (int i = 0; i < 50; i++) {
      archive.file(IN + "file" + i, "");
    }
    assertRefused(Code.Q1105, archive.bytes());
  }

  @Test
  void aBombAfterTheEndMark() throws Exception {
    byte[] tar = Archives.release().tar();
    byte[] longer = Arrays.copyOf(tar, tar.length + 3_900_000);
    assertRefused(Code.Q1105, Archives.gzip(longer));
  }

  /** The reader of an extended header takes it into memory whole; so it must not be large. */
  @Test
  void aBombOfAHeader() throws Exception {
    intake =
        new ReleaseIntake(
            blobs, releases, new Limits(8_000_000, 8_000_000_000L, 50, 1_000_000, 1_000_000));
    byte[] value = new byte[64 << 20];
    Arrays.fill(value, (byte) 'a');
    put(value, 0, "60000000 comment=");
    for (char kind : new char[] {'x', 'g', 'L', 'K'}) {
      ByteArrayOutputStream archive = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(archive)) {
        gzip.write(header("././@Header", kind, 64 << 20));
        gzip.write(value);
      }
      assertRefused(Code.Q1105, archive.toByteArray());
    }
  }

  /** Cut anywhere, or with any byte changed: refused with a code, nothing kept, no surprise. */
  @Test
  void truncatedAndDamagedArchives() throws Exception {
    byte[] archive = Archives.release().bytes();
    for (int length = 0; length < archive.length; length += Math.max(1, archive.length / 40)) {
      assertRefused(Code.Q1101, Arrays.copyOf(archive, length));
    }
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] tar = Archives.release().tar();
    for (int round = 0; round < 150; round++) {
      byte[] damaged = tar.clone();
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) random.nextInt(1, 256);
      }
      try {
        String sha256 = add(Archives.gzip(damaged)).release().sha256();
        intake.remove(sha256, release -> false);
      } catch (QuorateException e) {
        Code code = e.problem().code();
        assertTrue(code == Code.Q1101 || code == Code.Q1105, code + ", seed " + seed);
      }
      assertNothingKept();
    }
  }

  private static byte[] header(String name, char kind, long size) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, String.format("%011o ", size));
    put(header, 136, "00000000000 ");
    put(header, 148, "        ");
    header[156] = (byte) kind;
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, String.format("%06o\0 ", sum));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
