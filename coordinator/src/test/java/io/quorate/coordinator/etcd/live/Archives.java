package io.quorate.coordinator.etcd.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The etcd executables that lab/releases makes archives of, unpacked once under target/. */
public final class Archives {
  private Archives() {}

  public static Optional<Path> etcd(String version) {
    Path archive = directory().resolve("etcd-v" + version + "-linux-" + architecture() + ".tar.gz");
    return Files.isReadable(archive) ? Optional.of(unpacked(archive)) : Optional.empty();
  }

  /** The newest patch of a minor version that there is. */
  public static Optional<String> newest(String minor) {
    if (!Files.isDirectory(directory())) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(directory())) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("etcd-v" + minor + ".") && name.endsWith(".tar.gz"))
          .map(name -> name.substring("etcd-v".length(), name.indexOf("-linux-")))
          .max(java.util.Comparator.comparing(io.quorate.common.model.EtcdVersion::parse));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path directory() {
    String cache = System.getenv("QUORATE_CACHE");
    Path base =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache", "quorate")
            : Path.of(cache);
    return base.resolve("releases");
  }

  private static String architecture() {
    return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
  }

  private static synchronized Path unpacked(Path archive) {
    String name = archive.getFileName().toString().replace(".tar.gz", "");
    Path etcd = Path.of("target", "etcd-releases", name, "etcd").toAbsolutePath();
    if (Files.isExecutable(etcd)) {
      return etcd;
    }
    try {
      Path into = Files.createDirectories(Path.of("target", "etcd-releases"));
      Process tar =
          new ProcessBuilder(
                  List.of(
                      "tar", "-xzf", archive.toString(), "-C", into.toAbsolutePath().toString()))
              .inheritIO()
              .start();
      if (tar.waitFor() != 0) {
        throw new IllegalStateException("tar could not unpack " + archive);
      }
      return etcd;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
