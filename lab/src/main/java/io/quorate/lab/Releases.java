package io.quorate.lab;

import io.quorate.common.model.EtcdVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The etcd release archives that {@code lab/releases} has made on this machine. */
public final class Releases {
  private static final Pattern NAME =
      Pattern.compile("etcd-v(\\d+\\.\\d+\\.\\d+)-linux-[a-z0-9]+\\.tar\\.gz");

  /** One archive, in upstream's layout; etcdctl and etcdutl may be missing in it. */
  public record Archive(EtcdVersion version, Path path) {}

  private Releases() {}

  /** All there are, oldest first. */
  public static List<Archive> all() {
    Path directory = cache().resolve("releases");
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(Releases::archive)
          .flatMap(Optional::stream)
          .sorted(Comparator.comparing(Archive::version))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The archive of a version (3.5.16), or the newest of a minor version (3.5). */
  public static Optional<Archive> find(String version) {
    return all().reversed().stream()
        .filter(
            archive ->
                archive.version().toString().equals(version)
                    || archive.version().minorText().equals(version))
        .findFirst();
  }

  /** The oldest archive of a minor version. */
  public static Optional<Archive> oldest(String minor) {
    return all().stream()
        .filter(archive -> archive.version().minorText().equals(minor))
        .findFirst();
  }

  /** As {@link #find}; says what to do when there is none. */
  public static Archive require(String version) {
    return find(version).orElseThrow(() -> new IllegalStateException(missing(version)));
  }

  /** What a test that is skipped for want of a release says. */
  public static String missing(String version) {
    return "there is no etcd %s in %s: lab/releases makes it where it can, and says why where it cannot"
        .formatted(version, cache().resolve("releases"));
  }

  private static Optional<Archive> archive(Path file) {
    Matcher matcher = NAME.matcher(file.getFileName().toString());
    return matcher.matches()
        ? Optional.of(new Archive(EtcdVersion.parse(matcher.group(1)), file))
        : Optional.empty();
  }

  private static Path cache() {
    String set = System.getenv("QUORATE_CACHE");
    return set == null || set.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".cache", "quorate")
        : Path.of(set);
  }
}
