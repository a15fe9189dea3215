package io.quorate.coordinator.spec.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference/versions.md says what the table says. */
final class VersionReferenceTest {
  @Test
  void thePageKnowsEveryEntry() throws IOException {
    String page = Files.readString(Path.of("../docs/reference/versions.md"));
    Stream<String> flaws =
        Stream.concat(VersionRules.BAD.stream(), VersionRules.FLAWED.stream())
            .map(flaw -> "| %s | %s |".formatted(flaw.reason(), flaw.source()));
    Stream<String> departures =
        VersionRules.DEPARTURES.stream()
            .flatMap(
                departure ->
                    Stream.of(departure.required(), departure.recommended())
                        .map(patch -> "from %s.%d".formatted(departure.minor(), patch)));
    Stream<String> hazards =
        Stream.of(VersionRules.AUTH, VersionRules.PATH, VersionRules.V2_STORE)
            .map(hazard -> "| `%s` |".formatted(hazard.name()));
    List<String> missing =
        Stream.of(flaws, departures, hazards)
            .flatMap(all -> all)
            .filter(text -> !page.contains(text))
            .toList();
    assertEquals(List.of(), missing);
  }
}
