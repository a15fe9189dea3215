package io.quorate.coordinator.catalogue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Archives, good and hostile. */
final class Archives {
  static final String DIRECTORY = "etcd-v3.5.99-linux-amd64";

  private record Item(TarArchiveEntry entry, ByteBuffer content) {}

  private final List<Item> items = new ArrayList<>();

  static Archives release() {
    return release(DIRECTORY, FakeElf.AMD64, "3.5.99");
  }

  static Archives release(String directory, int machine, String version) {
    return new Archives()
        .directory(directory + "/")
        .file(directory + "/README.md", "# etcd")
        .file(directory + "/etcd", FakeElf.etcd(machine, version))
        .file(directory + "/etcdctl", FakeElf.tool("etcdctl", machine, version))
        .file(directory + "/etcdutl", FakeElf.tool("etcdutl", machine, version));
  }

  Archives directory(String name) {
    return add(new TarArchiveEntry(name, true), new byte[0]);
  }

  Archives file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  Archives file(String name, byte[] content) {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setMode(0100755);
    entry.setSize(content.length);
    return add(entry, content);
  }

  Archives mode(String name, int mode) {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setMode(mode);
    return add(entry, new byte[0]);
  }

  Archives link(String name, byte kind, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
    entry.setLinkName(target);
    return add(entry, new byte[0]);
  }

  Archives special(String name, byte kind) {
    return add(new TarArchiveEntry(name, kind, true), new byte[0]);
  }

  Archives symlink(String name, String target) {
    return link(name, TarConstants.LF_SYMLINK, target);
  }

  private Archives add(TarArchiveEntry entry, byte[] content) {
    entry.setModTime(0L);
    items.add(new Item(entry, ByteBuffer.wrap(content)));
    return this;
  }

  byte[] tar() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        for (Item item : items) {
          tar.putArchiveEntry(item.entry());
          tar.write(item.content().array());
          tar.closeArchiveEntry();
        }
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    return gzip(tar());
  }

  InputStream stream() {
    return new ByteArrayInputStream(bytes());
  }

  static byte[] gzip(byte[] plain) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
        gzip.write(plain);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
