package io.quorate.lab.use;

import io.quorate.lab.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;

/**
 * Options for a Java that runs the programs as they are but for one class: so a test has an agent
 * of another version, or one whose clock is wrong.
 */
final class Altered {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private Altered() {}

  /** It speaks these versions of the protocol and no others. */
  static String protocol(Path directory, int lowest, int highest) throws IOException {
    String name = "io/quorate/common/wire/Protocol.java";
    String source =
        Files.readString(Commands.checkout().resolve("common/src/main/java").resolve(name));
    String other = replaced(replaced(source, "LOWEST", lowest), "HIGHEST", highest);
    Path classes = compiled(directory, name, other, List.of());
    return "-Xbootclasspath/a:" + classes;
  }

  private static String replaced(String source, String constant, int value) {
    Matcher found = Pattern.compile("int " + constant + " = \\d+;").matcher(source);
    Assertions.assertTrue(found.find(), constant);
    return found.replaceFirst("int " + constant + " = " + value + ";");
  }

  /** Its clock is so much ahead of, or behind, this machine's. */
  static String clock(Path directory, Duration offset) throws IOException {
    String source =
        """
        package java.time;

        public interface InstantSource {
          static InstantSource system() {
            return Clock.offset(Clock.systemUTC(), Duration.ofMillis(%dL));
          }

          static InstantSource tick(InstantSource base, Duration tick) {
            return Clock.tick(base.withZone(ZoneOffset.UTC), tick);
          }

          static InstantSource fixed(Instant instant) {
            return Clock.fixed(instant, ZoneOffset.UTC);
          }

          static InstantSource offset(InstantSource base, Duration offset) {
            return Clock.offset(base.withZone(ZoneOffset.UTC), offset);
          }

          Instant instant();

          default long millis() {
            return instant().toEpochMilli();
          }

          default Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
          }
        }
        """
            .formatted(offset.toMillis());
    Path root = directory.resolve("source");
    Path classes =
        compiled(
            directory,
            "java/time/InstantSource.java",
            source,
            List.of("--patch-module", "java.base=" + root));
    return "--patch-module java.base=" + classes;
  }

  private static Path compiled(Path directory, String name, String source, List<String> options)
      throws IOException {
    Path file = directory.resolve("source").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, source);
    Path classes = directory.resolve("classes");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "javac").toString());
    command.addAll(options);
    command.addAll(List.of("-d", classes.toString(), file.toString()));
    Commands.run(command, Map.of(), PATIENCE).orThrow();
    return classes;
  }
}
