package io.quorate.coordinator.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before anything was asked to be changed says so; what came after does not. */
class NothingChangedTest {
  private static final String SAID = "nothing was changed";

  @TempDir private Path folder;
  private CommandLineFixture line;

  @BeforeEach
  void start() {
    line = new CommandLineFixture(folder);
  }

  @AfterEach
  void stop() {
    line.close();
  }

  private String says(String... words) {
    int before = line.transcript().length();
    assertNotEquals(0, line.run(words));
    return line.transcript().substring(before);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void filesThatCannotBeReadOrAreWrong() throws IOException {
    String wrong = file("wrong.yaml", "cluster: prod\nversoin: 3.5.30\n");
    String impossible =
        file(
            "impossible.yaml",
            """
            cluster: prod
            version: 3.4.23
            etcd: {experimental-memory-mlock: true, log-format: json}
            members: [{name: etcd-1, host: node-1, address: 10.77.0.11}]
            """);
    String missing = folder.resolve("missing.yaml").toString();
    for (String file : List.of(wrong, impossible)) {
      String said = says("validate", "-f", file);
      assertTrue(said.contains(SAID), said);
    }
    for (String file : List.of(missing, folder.toString())) {
      for (String command : List.of("validate", "check", "plan", "apply")) {
        String said = says(command, "-f", file);
        assertTrue(said.contains(SAID), said);
      }
    }
  }

  @Test
  void wrongWordsAndMissingConfirmations() {
    List<List<String>> lines =
        List.of(
            List.of("delete", "prod"),
            List.of("delete", "prod", "--confirm=test"),
            List.of("restart", "prod"),
            List.of("restart", "prod", "--nosuch"),
            List.of("member", "replace", "prod", "etcd-1"),
            List.of("--context", "nosuch", "delete", "prod", "--confirm=prod"),
            List.of("release", "add", folder.resolve("nosuch").toString()));
    for (List<String> words : lines) {
      String said = says(words.toArray(String[]::new));
      assertTrue(said.contains(SAID), said);
    }
  }

  @Test
  void aCoordinatorThatIsNotThere() {
    line.with("QUORATE_ADDRESS", "127.0.0.1:1");
    String said = says("delete", "prod", "--confirm=prod");
    assertTrue(said.contains("Q1401") && said.contains(SAID), said);
  }

  @Test
  void aPlanThatTheCoordinatorRefuses() throws IOException {
    String good =
        file(
            "good.yaml",
            """
            cluster: prod
            version: 3.5.30
            members: [{name: etcd-1, host: node-1, address: 10.77.0.11}]
            """);
    line.control().refuse("plan", Problem.of(Code.Q3202, "3.5.30 -> 3.4.23 is no way"));
    String said = says("apply", "-f", good, "-y");
    assertTrue(said.contains("Q3202") && said.contains(SAID), said);
  }

  /** Whoever refuses a change must say himself how things stand. */
  @Test
  void aChangeThatFailedHasPerhapsChangedSomething() {
    line.control().refuse("restart", Problem.of(Code.Q1308, "the store cannot be written"));
    String said = says("restart", "prod", "-y");
    assertTrue(said.contains("Q1308"), said);
    assertFalse(said.contains(SAID), said);
    line.control()
        .refuse("restart", Problem.of(Code.Q1308, "it failed").withState("two were restarted"));
    assertEquals(1, says("restart", "prod", "-y").split("two were restarted", -1).length - 1);
  }
}
