package io.quorate.coordinator.catalogue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.common.error.Code;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.Release;
import io.quorate.coordinator.catalogue.inspect.Limits;
import io.quorate.coordinator.store.Releases;
import io.quorate.coordinator.store.Samples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReleaseIntakeTest extends CatalogueTest {
  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void aReleaseIsTakenIn() throws Exception {
    byte[] archive = Archives.release().bytes();
    Releases.Entry entry =
        intake.add(
            new ByteArrayInputStream(archive),
            Optional.of(sha256(archive).toUpperCase(java.util.Locale.ROOT)),
            Samples.NOW,
            "ada");
    assertEquals(
        new Release(new EtcdVersion(3, 5, 99), "amd64", sha256(archive), archive.length),
        entry.release());
    assertEquals(sha256(FakeElf.etcd(FakeElf.AMD64, "3.5.99")), entry.executables().get("etcd"));
    assertEquals(Set.of("etcd", "etcdctl", "etcdutl"), entry.executables().keySet());
    assertEquals(List.of(entry), releases.list());
    try (InputStream in = blobs.read(entry.release().sha256(), 100)) {
      assertArrayEquals(Arrays.copyOfRange(archive, 100, archive.length), in.readAllBytes());
    }
    assertEquals(1, files().size());
  }

  /** The archives that lab/releases makes: Debian's own builds and others. */
  @Test
  void realReleasesTellWhatTheyAre() throws Exception {
    String home = System.getProperty("user.home", "");
    Path directory =
        Path.of(
                Optional.ofNullable(System.getenv("QUORATE_CACHE"))
                    .orElse(home + "/.cache/quorate"))
            .resolve("releases");
    assumeTrue(Files.isDirectory(directory), "no releases; run lab/releases");
    intake = new ReleaseIntake(blobs, releases, Limits.standard());
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".tar.gz")).sorted().toList()) {
        Releases.Entry entry;
        try (InputStream in = Files.newInputStream(file)) {
          entry = add(in);
        }
        assertEquals(file.getFileName().toString(), entry.release().directoryName() + ".tar.gz");
        assertTrue(entry.executables().containsKey("etcd"));
      }
    }
  }

  @Test
  void otherArchitecturesAreKnownByTheirHeaders() {
    assertEquals(
        "arm64",
        add(Archives.release("etcd-v3.5.99-linux-arm64", FakeElf.ARM64, "3.5.99").bytes())
            .release()
            .architecture());
    assertEquals(
        "s390x",
        add(Archives.release("etcd-v3.5.99-linux-s390x", FakeElf.S390X, "3.5.99").bytes())
            .release()
            .architecture());
    assertEquals(2, releases.list().size());
  }

  @Test
  void aWrongDigestIsRefusedBeforeAnythingIsUnpacked() throws Exception {
    byte[] archive = Archives.release().symlink("x", "/etc/passwd").bytes();
    assertEquals(
        Code.Q1102,
        refusal(
            () ->
                intake.add(
                    new ByteArrayInputStream(archive),
                    Optional.of("ab".repeat(32)),
                    Samples.NOW,
                    "ada")));
    assertNothingKept();
  }

  @Test
  void whatIsNoReleaseIsRefused() throws Exception {
    String directory = Archives.DIRECTORY;
    byte[] etcd = FakeElf.etcd(FakeElf.AMD64, "3.5.99");
    assertRefused(
        Code.Q1101, "<html>404 not found</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertRefused(Code.Q1101, new byte[0]);
    assertRefused(Code.Q1101, Archives.gzip(new byte[0]));
    assertRefused(Code.Q1101, Archives.gzip(new byte[3000]));
    assertRefused(Code.Q1101, new Archives().bytes());
    assertRefused(Code.Q1101, new Archives().file("etcd", etcd).bytes());
    assertRefused(Code.Q1101, new Archives().file(directory + "/etcdctl", etcd).bytes());
    assertRefused(Code.Q1101, new Archives().file(directory + "/bin/etcd", etcd).bytes());
    assertRefused(Code.Q1101, new Archives().file("etcd-3.5.99/etcd", etcd).bytes());
    assertRefused(Code.Q1101, new Archives().file(directory + "/etcd", "#!/bin/sh\n").bytes());
    assertRefused(Code.Q1101, Archives.release().file("other/etcd", etcd).bytes());
  }

  @Test
  void whatItSaysMustBeWhatItsNameSays() throws Exception {
    String directory = Archives.DIRECTORY;
    byte[] etcd = FakeElf.etcd(FakeElf.AMD64, "3.5.99");
    assertRefused(
        Code.Q1101, Archives.release("etcd-v3.5.98-linux-amd64", FakeElf.AMD64, "3.5.99").bytes());
    assertRefused(
        Code.Q1101, Archives.release("etcd-v3.5.99-linux-arm64", FakeElf.AMD64, "3.5.99").bytes());
    assertRefused(
        Code.Q1101,
        new Archives()
            .file(directory + "/etcd", etcd)
            .file(directory + "/etcdctl", FakeElf.tool("etcdctl", FakeElf.AMD64, "3.4.1"))
            .bytes());
    assertRefused(
        Code.Q1101,
        new Archives()
            .file(directory + "/etcd", FakeElf.tool("etcdctl", FakeElf.AMD64, "3.5.99"))
            .bytes());
    assertRefused(
        Code.Q1101,
        new Archives().file(directory + "/etcd", etcd).file(directory + "/etcdutl", etcd).bytes());
    assertRefused(
        Code.Q1101,
        new Archives()
            .file(
                directory + "/etcd",
                FakeElf.program(FakeElf.AMD64, "go.etcd.io/etcd", List.of("3.5.99", "3.5.98")))
            .bytes());
  }

  @Test
  void theSameAgainChangesNothing() throws Exception {
    Releases.Entry first = add(Archives.release().bytes());
    Releases.Entry again =
        intake.add(
            Archives.release().stream(), Optional.empty(), Samples.NOW.plusSeconds(9), "bob");
    assertEquals(first, again);
    assertEquals(1, files().size());
  }

  @Test
  void aBlobThatRottedIsReplacedByAddingItAgain() throws Exception {
    Releases.Entry entry = add(Archives.release().bytes());
    Files.write(files().getFirst(), new byte[10]);
    assertFalse(blobs.intact(entry.release().sha256()));
    assertEquals(entry, add(Archives.release().bytes()));
    assertTrue(blobs.intact(entry.release().sha256()));
  }

  @Test
  void aVersionHasOneArchive() throws Exception {
    Releases.Entry first = add(Archives.release().bytes());
    byte[] other = Archives.release().file(Archives.DIRECTORY + "/NEWS", "x").bytes();
    assertEquals(Code.Q1304, refusal(() -> add(other)));
    assertEquals(List.of(first), releases.list());
    assertEquals(1, files().size());
  }

  @Test
  void aReleaseInUseStays() throws Exception {
    Releases.Entry entry = add(Archives.release().bytes());
    String sha256 = entry.release().sha256();
    assertEquals(
        Code.Q1104,
        refusal(() -> intake.remove(sha256, release -> release.equals(entry.release()))));
    assertEquals(Code.Q1314, refusal(() -> intake.remove("ab".repeat(32), release -> true)));
    assertEquals(List.of(entry), releases.list());
    intake.remove(sha256, release -> false);
    assertNothingKept();
  }

  @Test
  void whatAKillLeavesBehindIsSwept() throws Exception {
    Releases.Entry entry = add(Archives.release().bytes());
    Path scratch = Files.createDirectory(blobs.incoming().resolve("look123"));
    Files.write(scratch.resolve("etcd"), new byte[10]);
    Files.write(blobs.incoming().resolve("half"), new byte[10]);
    Blob orphan = blobs.put(new ByteArrayInputStream(new byte[] {1, 2, 3}), 10);
    blobs = BlobStore.open(root);
    assertEquals(2, files().size());
    assertEquals(
        List.of(orphan.sha256()), blobs.sweep(sha256 -> sha256.equals(entry.release().sha256())));
    assertEquals(1, files().size());
  }

  /** A sender that goes on and on, or breaks off after so many bytes. */
  private static final class Sender extends InputStream {
    private long left;

    Sender(long left) {
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left <= 0) {
        throw new IOException("connection reset");
      }
      left -= length;
      return length;
    }
  }

  @Test
  void aStreamThatBreaksLeavesNothing() throws Exception {
    assertEquals(Code.Q1315, refusal(() -> add(new Sender(700_000))));
    assertNothingKept();
  }

  @Test
  void anEndlessStreamIsCut() throws Exception {
    assertEquals(Code.Q1306, refusal(() -> add(new Sender(Long.MAX_VALUE))));
    assertNothingKept();
  }
}
