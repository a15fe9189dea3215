package io.quorate.coordinator;

import io.quorate.coordinator.files.Digests;
import io.quorate.coordinator.plan.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Where a test wants it, ends the coordinator as a kill would, right after each step that it has
 * begun, and after each of them once: the marker file that makes it once is written before. In
 * ordinary life there is none of this.
 */
final class CrashAfterSteps implements Consumer<Step> {
  /** Its name in the environment; any value will do. */
  static final String VARIABLE = "QUORATE_CRASH_AFTER_STEPS";

  private final Path markers;

  private CrashAfterSteps(Path markers) {
    this.markers = markers;
  }

  static Consumer<Step> from(Map<String, String> environment, Path data) {
    return environment.containsKey(VARIABLE)
        ? new CrashAfterSteps(data.resolve("crashed-after"))
        : step -> {};
  }

  @Override
  public void accept(Step step) {
    MessageDigest digest = Digests.sha256();
    digest.update(step.describe().getBytes(StandardCharsets.UTF_8));
    String name = Digests.hex(digest);
    try {
      Files.createDirectories(markers);
      Files.writeString(
          Files.createFile(markers.resolve(name)), step.describe(), StandardCharsets.UTF_8);
    } catch (FileAlreadyExistsException e) {
      return; // once is enough
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().halt(137);
  }
}
