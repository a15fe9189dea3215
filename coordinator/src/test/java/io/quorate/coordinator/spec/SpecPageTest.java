package io.quorate.coordinator.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page about the cluster's file keeps up with its reader. */
class SpecPageTest {
  private static final Path PAGE = Path.of("../docs/reference/spec.md");

  @Test
  void everyKeyIsExplained() throws IOException {
    String page = Files.readString(PAGE);
    List<String> missing =
        Stream.of(SpecReader.KEYS, RolloutReader.KEYS)
            .flatMap(List::stream)
            .filter(key -> !page.contains("\n| `" + key + "` |"))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void theExampleIsAccepted() throws IOException {
    String page = Files.readString(PAGE);
    String fence = "```yaml\n";
    int start = page.indexOf(fence) + fence.length();
    String example = page.substring(start, page.indexOf("```", start));
    assertInstanceOf(SpecFile.Result.Accepted.class, SpecFile.parse(example));
  }
}
