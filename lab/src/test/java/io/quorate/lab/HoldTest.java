package io.quorate.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.fleet.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A test that is ended by force leaves nothing behind: no hosts, no processes beside them. */
@Tag("lab")
class HoldTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @Test
  void aLabGoesWithItsOwnerAndSoDoesWhatRunsBesideIt() throws Exception {
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8))) {
      Path directory = Path.of(said.readLine());
      ProcessHandle beside = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
      assertTrue(beside.isAlive());
      assertTrue(Files.isDirectory(directory.resolve("h1")));

      assertTrue(owner.destroyForcibly().waitFor() != 0);
      Await.until("the process beside it is gone", PATIENCE, () -> !beside.isAlive(), () -> "");
      Await.until("the lab is gone", PATIENCE, () -> !Files.exists(directory), () -> "");
      String name = directory.getFileName().toString();
      assertFalse(ran("ip", "netns", "list").contains(name), "its networks are gone");
      assertEquals("", ran("pgrep", "-f", name + "/h1"), "its hosts are gone");
    } finally {
      owner.destroyForcibly();
    }
  }

  private static String ran(String... command) {
    return Commands.run(List.of(command), java.util.Map.of(), PATIENCE).out();
  }

  /** Makes a lab, starts something in its network, and waits to be ended. */
  static final class Owner {
    private Owner() {}

    public static void main(String[] none) throws IOException, InterruptedException {
      Lab lab = Lab.up(1);
      Process beside = lab.process("sleep", "600").start();
      System.out.println(lab.directory());
      System.out.println(beside.pid());
      beside.waitFor();
    }
  }
}
