package io.quorate.coordinator.cli;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Text as it was accepted, in a file of the repository. On a difference the test says which line,
 * and what was found lies in target/golden; {@code -Dgolden.accept=true} accepts it.
 */
final class Golden {
  private static final Path MODULE = Path.of("").toAbsolutePath();

  private Golden() {}

  /** A transcript in src/test/resources/golden. */
  static void transcript(String name, String found) {
    check(MODULE.resolve("src/test/resources/golden").resolve(name + ".txt"), found);
  }

  /** A page of docs/reference that is made from the code. */
  static void page(String name, String found) {
    check(MODULE.resolveSibling("docs").resolve("reference").resolve(name), found);
  }

  private static void check(Path accepted, String found) {
    try {
      if (Boolean.getBoolean("golden.accept")) {
        Files.createDirectories(accepted.getParent());
        Files.writeString(accepted, found);
        return;
      }
      String wanted = Files.exists(accepted) ? Files.readString(accepted) : "";
      if (!wanted.equals(found)) {
        Path kept = MODULE.resolve("target/golden").resolve(accepted.getFileName());
        Files.createDirectories(kept.getParent());
        Files.writeString(kept, found);
        fail(difference(wanted.lines().toList(), found.lines().toList(), accepted, kept));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String difference(
      List<String> wanted, List<String> found, Path accepted, Path kept) {
    int line = 0;
    while (line < wanted.size()
        && line < found.size()
        && wanted.get(line).equals(found.get(line))) {
      line++;
    }
    return """
        %s differs in line %d
          accepted: %s
          found:    %s
        compare:  diff -u %s %s
        accept:   mvn test -pl coordinator -Dtest='io.quorate.coordinator.cli.*Test' \
        -Dgolden.accept=true"""
        .formatted(
            accepted.getFileName(), line + 1, at(wanted, line), at(found, line), accepted, kept);
  }

  private static String at(List<String> lines, int line) {
    return line < lines.size() ? lines.get(line) : "(end)";
  }
}
