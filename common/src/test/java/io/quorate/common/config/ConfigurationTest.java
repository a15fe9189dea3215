package io.quorate.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  private static final List<Option> OPTIONS =
      List.of(
          Option.of("listen", "0.0.0.0:7443", "where to listen"), Option.empty("names", "names"));

  @TempDir Path directory;

  @Test
  void aFlagWinsOverTheEnvironmentThatOverTheFileThatOverTheDefault() throws IOException {
    String file = file("listen: a:1\n");
    assertEquals("0.0.0.0:7443", load(List.of(), Map.of()).require("listen"));
    assertEquals("a:1", load(List.of("--config", file), Map.of()).require("listen"));
    Map<String, String> environment = Map.of("QUORATE_LISTEN", "b:2", "QUORATE_CONFIG", file);
    assertEquals("b:2", load(List.of(), environment).require("listen"));
    assertEquals("c:3", load(List.of("--listen=c:3"), environment).require("listen"));
  }

  @Test
  void aListIsASequenceInTheFileAndCommasElsewhere() throws IOException {
    String file = file("names: [one, two]\n");
    assertEquals(List.of("one", "two"), load(List.of("--config", file), Map.of()).list("names"));
    assertEquals(
        List.of("three", "four"), load(List.of("--names", "three, four"), Map.of()).list("names"));
  }

  @Test
  void unknownAndRepeatedNamesAreRefusedWithTheirPlace() throws IOException {
    String unknown = file("listen: a:1\nlisten-on: b\n");
    assertTrue(refusal(List.of("--config", unknown)).contains(":2:1: unknown setting 'listen-on'"));
    String twice = file("listen: a:1\nlisten: b:2\n");
    assertTrue(refusal(List.of("--config", twice)).contains("set twice"));
    assertTrue(refusal(List.of("--listne", "x")).contains("unknown flag --listne"));
    assertTrue(refusal(List.of("--listen")).contains("needs a value"));
  }

  private String refusal(List<String> arguments) {
    QuorateException refused =
        assertThrows(QuorateException.class, () -> load(arguments, Map.of()));
    assertEquals(Code.Q1301, refused.problem().code());
    return refused.problem().sentence();
  }

  private String file(String text) throws IOException {
    Path path = Files.createTempFile(directory, "quorate", ".yaml");
    return Files.writeString(path, text).toString();
  }

  private static Configuration load(List<String> arguments, Map<String, String> environment) {
    return Configuration.load(OPTIONS, arguments, environment);
  }
}
