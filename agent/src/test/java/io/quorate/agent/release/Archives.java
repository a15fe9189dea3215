package io.quorate.agent.release;

import io.quorate.agent.host.Sha256;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.Release;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Archives in upstream's layout, and such as no upstream would make. */
public final class Archives {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar;

  private Archives() throws IOException {
    tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes));
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
  }

  public static Archives begin() {
    try {
      return new Archives();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Archives file(String name, int mode, byte[] content) {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setMode(mode);
    entry.setSize(content.length);
    return add(entry, content);
  }

  public Archives directory(String name) {
    return add(new TarArchiveEntry(name, TarConstants.LF_DIR), new byte[0]);
  }

  public Archives special(String name, byte kind, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind);
    entry.setLinkName(target);
    return add(entry, new byte[0]);
  }

  private Archives add(TarArchiveEntry entry, byte[] content) {
    try {
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public byte[] end() {
    try {
      tar.close();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Something that claims to be a program for that machine. */
  public static byte[] elf(int machine, String text) {
    byte[] words = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    byte[] program = Arrays.copyOf(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}, 64 + words.length);
    program[18] = (byte) machine;
    System.arraycopy(words, 0, program, 64, words.length);
    return program;
  }

  /** A release whose programs say which version they are to those who can read them. */
  public static byte[] release(String version) {
    String top = "etcd-v" + version + "-linux-amd64/";
    return begin()
        .directory(top)
        .file(top + "etcd", 0755, elf(0x3e, "etcd " + version))
        .file(top + "etcdctl", 0755, elf(0x3e, "etcdctl " + version))
        .file(top + "etcdutl", 0755, elf(0x3e, "etcdutl " + version))
        .file(top + "README.md", 0644, new byte[] {'#'})
        .end();
  }

  public static Release describe(String version, byte[] archive) {
    try {
      return new Release(
          EtcdVersion.parse(version),
          "amd64",
          Sha256.of(new ByteArrayInputStream(archive)),
          archive.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serves archives from memory, and may break off. */
  public static final class MemorySource implements BlobSource {
    private final Map<String, byte[]> blobs = new HashMap<>();
    private int fetches;
    private int breakAfter = Integer.MAX_VALUE;

    public Release add(String version, byte[] archive) {
      Release release = describe(version, archive);
      blobs.put(release.sha256(), archive);
      return release;
    }

    public void put(String sha256, byte[] content) {
      blobs.put(sha256, content);
    }

    public void breakAfter(int bytes) {
      breakAfter = bytes;
    }

    public int fetches() {
      return fetches;
    }

    @Override
    public void fetch(String sha256, long offset, Sink sink) throws IOException {
      fetches++;
      byte[] blob = blobs.get(sha256);
      if (blob == null) {
        throw new IOException("unknown blob");
      }
      int left = breakAfter;
      for (int at = (int) offset; at < blob.length; at += 100) {
        if (left <= 0) {
          throw new IOException("connection lost");
        }
        sink.accept(Arrays.copyOfRange(blob, at, Math.min(at + 100, blob.length)));
        left -= 100;
      }
    }
  }
}
