package io.quorate.lab.use;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.fleet.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A test that is ended by force leaves no coordinator and no agent behind. */
class LoopbackTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private static Path directory;

  @Test
  void whatATestStartedGoesWithIt() throws Exception {
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8))) {
      ProcessHandle coordinator = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
      assertTrue(coordinator.isAlive());
      assertNotEquals(0, owner.destroyForcibly().waitFor());
      Await.until("the coordinator is gone", PATIENCE, () -> !coordinator.isAlive(), () -> "");
    } finally {
      owner.destroyForcibly();
    }
  }

  /** Starts a coordinator and waits to be ended. */
  static final class Owner {
    private Owner() {}

    public static void main(String[] directory) throws IOException, InterruptedException {
      Loopback loopback = new Loopback(Path.of(directory[0]));
      System.out.println(loopback.coordinatorPid());
      Thread.currentThread().join();
    }
  }
}
