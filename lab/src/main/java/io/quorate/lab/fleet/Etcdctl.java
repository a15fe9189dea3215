package io.quorate.lab.fleet;

import io.quorate.lab.Releases;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** The etcdctl of a release archive: not from any host, so that it knows only what it is told. */
final class Etcdctl {
  private static final String VERSION = "3.5.30";

  private Etcdctl() {}

  /** Its path; unpacked into the directory at the first call. */
  static String program(Path directory) {
    Path program = directory.resolve("etcdctl");
    if (Files.exists(program)) {
      return program.toString();
    }
    try (InputStream file = Files.newInputStream(Releases.require(VERSION).path());
        TarArchiveInputStream archive =
            new TarArchiveInputStream(
                new GzipCompressorInputStream(new BufferedInputStream(file)))) {
      for (TarArchiveEntry entry = archive.getNextEntry();
          entry != null;
          entry = archive.getNextEntry()) {
        if (entry.getName().endsWith("/etcdctl")) {
          Files.copy(archive, program);
          Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
          return program.toString();
        }
      }
      throw new IllegalStateException("there is no etcdctl in " + Releases.require(VERSION));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
