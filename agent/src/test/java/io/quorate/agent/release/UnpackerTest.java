package io.quorate.agent.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.CrashPoints;
import io.quorate.agent.host.LinuxHost;
import io.quorate.agent.host.Stat;
import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackerTest {
  @TempDir private Path root;
  private final LinuxHost host = new LinuxHost(CrashPoints.NONE, InstantSource.system());

  @BeforeEach
  void victim() throws IOException {
    host.write(root.resolve("victim"), new byte[] {7}, Access.PUBLIC);
  }

  private Path unpack(byte[] archive) throws IOException {
    return unpack(archive, Unpacker.Limits.RELEASE);
  }

  private Path unpack(byte[] archive, Unpacker.Limits limits) throws IOException {
    Path directory = root.resolve("staging");
    new Unpacker(host, limits).unpackGzip(new ByteArrayInputStream(archive), directory);
    return directory;
  }

  private void refused(Archives archive) throws IOException {
    QuorateException e =
        assertThrows(QuorateException.class, () -> unpack(archive.end()), "accepted");
    assertEquals(Code.Q1105, e.problem().code());
    assertEquals(List.of("staging", "victim"), host.list(root), "something outside of staging");
    assertArrayEquals(new byte[] {7}, host.read(root.resolve("victim")));
  }

  @Test
  void unpacksPlainFilesAndDirectories() throws IOException {
    Path directory = unpack(Archives.release("3.5.30"));
    Path top = directory.resolve("etcd-v3.5.30-linux-amd64");
    assertEquals(List.of("README.md", "etcd", "etcdctl", "etcdutl"), host.list(top));
    assertEquals(0755, host.stat(top.resolve("etcd")).mode());
    assertEquals(0644, host.stat(top.resolve("README.md")).mode());
  }

  @Test
  void refusesToClimbOut() throws IOException {
    refused(Archives.begin().file("../victim", 0644, new byte[] {1}));
  }

  @Test
  void refusesToClimbOutFromDeepInside() throws IOException {
    refused(Archives.begin().file("a/b/../../../victim", 0644, new byte[] {1}));
  }

  @Test
  void refusesAbsolutePaths() throws IOException {
    refused(Archives.begin().file(root.resolve("victim").toString(), 0644, new byte[] {1}));
  }

  @Test
  void refusesToWriteThroughALink() throws IOException {
    refused(
        Archives.begin()
            .special("link", TarConstants.LF_SYMLINK, root.toString())
            .file("link/victim", 0644, new byte[] {1}));
  }

  @Test
  void refusesHardLinks() throws IOException {
    refused(Archives.begin().special("link", TarConstants.LF_LINK, "/etc/passwd"));
  }

  @Test
  void refusesDevicesAndPipes() throws IOException {
    refused(Archives.begin().special("chr", TarConstants.LF_CHR, ""));
    host.removeTree(root.resolve("staging"));
    refused(Archives.begin().special("blk", TarConstants.LF_BLK, ""));
    host.removeTree(root.resolve("staging"));
    refused(Archives.begin().special("pipe", TarConstants.LF_FIFO, ""));
  }

  @Test
  void refusesSetIdBits() throws IOException {
    refused(Archives.begin().file("etcd", 04755, new byte[] {1}));
  }

  @Test
  void refusesTheSameNameTwice() throws IOException {
    refused(Archives.begin().file("etcd", 0755, new byte[] {1}).file("etcd", 0755, new byte[] {2}));
  }

  @Test
  void refusesControlCharacters() throws IOException {
    refused(Archives.begin().file("et\ncd", 0755, new byte[] {1}));
  }

  @Test
  void stopsABomb() throws IOException {
    byte[] zeros = new byte[48 << 20];
    refused(Archives.begin().file("bomb", 0644, zeros));
    assertTrue(
        host.stat(root.resolve("staging/bomb")).size() < 24 << 20, "stopped while it was growing");
  }

  @Test
  void stopsAtTheLimits() throws IOException {
    byte[] twoFiles =
        Archives.begin().file("a", 0644, new byte[60]).file("b", 0644, new byte[60]).end();
    assertThrows(QuorateException.class, () -> unpack(twoFiles, new Unpacker.Limits(100, 10, 100)));
    host.removeTree(root.resolve("staging"));
    assertThrows(QuorateException.class, () -> unpack(twoFiles, new Unpacker.Limits(1000, 1, 100)));
  }

  @Test
  void aTruncatedArchiveFails() throws IOException {
    byte[] whole = Archives.release("3.5.30");
    byte[] half = java.util.Arrays.copyOf(whole, whole.length / 2);
    assertThrows(IOException.class, () -> unpack(half));
    assertEquals(Stat.Kind.FILE, host.stat(root.resolve("victim")).kind());
  }
}
