package io.quorate.coordinator.spec.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The page tells every setting there is, as it is; a table that differs is printed as it should be.
 */
class SpecReferenceTest {
  private static final Path PAGE = Path.of("../docs/reference/spec.md");

  @Test
  void everySettingOfEtcdIsInTheTable() throws IOException {
    Stream<String> heading =
        Stream.of(
            "| setting | %s | value |".formatted(String.join(" | ", SettingCatalogue.MINORS)),
            "|---" + "|---".repeat(SettingCatalogue.MINORS.size()) + "|---|");
    Stream<String> rows = SettingCatalogue.ALL.stream().map(SpecReferenceTest::row).sorted();
    assertEquals(lines(heading, rows), table("settings"));
  }

  @Test
  void everySettingOfTheUnitIsInTheTable() throws IOException {
    Stream<String> rows =
        UnitSettings.names().stream()
            .map(name -> "| `%s` | %s |".formatted(name, UnitSettings.expected(name)));
    assertEquals(lines(Stream.of("| setting | value |", "|---|---|"), rows), table("unit"));
  }

  @Test
  void everyHazardThatCanBeAcceptedIsNamed() throws IOException {
    String page = Files.readString(PAGE);
    for (var hazard : List.of(VersionRules.AUTH, VersionRules.V2_STORE, VersionRules.PATH)) {
      assertTrue(page.contains("`" + hazard.name() + "`"), hazard::name);
    }
  }

  private static String row(EtcdSetting setting) {
    String newest = setting.gate().orElseGet(() -> setting.names().sequencedValues().getLast());
    List<String> cells =
        SettingCatalogue.MINORS.stream().map(minor -> cell(setting, minor)).toList();
    return "| `%s` | %s | %s |"
        .formatted(newest, String.join(" | ", cells), setting.kind().expected());
  }

  /** How this version's file spells it, where that is not its newest name. */
  private static String cell(EtcdSetting setting, String minor) {
    String newest = setting.names().sequencedValues().getLast();
    return setting
        .nameIn(minor)
        .map(
            name ->
                name.equals(SettingCatalogue.GATES) && setting.gate().isPresent()
                    ? "gate"
                    : name.equals(newest) && setting.gate().isEmpty() ? "yes" : "`" + name + "`")
        .orElse("");
  }

  private static String lines(Stream<String> heading, Stream<String> rows) {
    return Stream.concat(heading, rows).collect(Collectors.joining("\n"));
  }

  private static String table(String name) throws IOException {
    return Files.readAllLines(PAGE).stream()
        .dropWhile(line -> !line.startsWith("<!-- " + name + ":"))
        .skip(1)
        .takeWhile(line -> !line.startsWith("<!-- end of " + name))
        .collect(Collectors.joining("\n"));
  }
}
