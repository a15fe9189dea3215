package io.quorate.coordinator.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.Samples;
import io.quorate.coordinator.api.v1.CheckReport;
import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.api.v1.RolloutView.State;
import io.quorate.coordinator.pki.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What scripts go by. */
class ExitCodesTest {
  @TempDir private Path folder;
  private CommandLineFixture line;
  private String file;

  @BeforeEach
  void start() throws Exception {
    line = new CommandLineFixture(folder);
    file = Files.writeString(folder.resolve("prod.yaml"), "cluster: prod\n").toString();
  }

  @AfterEach
  void stop() {
    line.close();
  }

  @Test
  void doneAndNothingToDo() {
    line.control().states(State.DONE);
    assertEquals(0, line.run("apply", "7f3c"));
    line.control().plan(Samples.nothingToDo());
    assertEquals(0, line.run("apply", "-f", file));
    assertEquals(0, line.run("plan", "-f", file, "--exit-code"));
  }

  @Test
  void failed() {
    for (State state : List.of(State.FAILED, State.PAUSED, State.ABORTED)) {
      line.control().states(state);
      assertEquals(1, line.run("apply", "7f3c"), state.name());
    }
    assertEquals(1, line.run("status", "nosuch"));
  }

  @Test
  void changesPending() {
    assertEquals(2, line.run("plan", "-f", file, "--exit-code"));
    assertEquals(0, line.run("plan", "-f", file));
  }

  @Test
  void unhealthy() {
    for (ClusterStatus.Health health : ClusterStatus.Health.values()) {
      line.control().health(health);
      assertEquals(health.well() ? 0 : 3, line.run("status"), health.name());
      assertEquals(health.well() ? 0 : 3, line.run("status", "prod"), health.name());
    }
  }

  @Test
  void unreachable() {
    line.with("QUORATE_ADDRESS", "127.0.0.1:1");
    assertEquals(4, line.run("status"));
  }

  @Test
  void notAllowed() {
    line.as(Role.VIEWER);
    assertEquals(0, line.run("status", "prod") % 3);
    assertEquals(5, line.run("apply", "7f3c"));
    assertEquals(5, line.run("restart", "prod", "-y"));
    assertEquals(5, line.run("delete", "prod", "--confirm=prod"));
    line.as(Role.OPERATOR);
    assertEquals(0, line.run("restart", "prod", "-y", "--detach"));
    assertEquals(5, line.run("delete", "prod", "--confirm=prod"));
    assertEquals(5, line.run("host", "token"));
  }

  @Test
  void conflict() {
    for (Code code : List.of(Code.Q1304, Code.Q1305, Code.Q1307)) {
      line.control().refuse("applyPlan", Problem.of(code, "somebody was faster"));
      assertEquals(6, line.run("apply", "7f3c"), code.name());
    }
  }

  @Test
  void preflight() {
    line.control().check(CheckReport.Result.FAIL);
    assertEquals(7, line.run("check", "prod"));
    line.control().check(CheckReport.Result.WARN);
    assertEquals(0, line.run("check", "prod"));
    line.control().refuse("applyPlan", Problem.of(Code.Q1313, "2 preflight checks failed"));
    assertEquals(7, line.run("apply", "7f3c"));
  }

  @Test
  void stillRunning() {
    AtomicLong second = new AtomicLong();
    line.at(() -> Instant.ofEpochSecond(1_800_000_000 + second.getAndIncrement()));
    assertEquals(8, line.run("apply", "7f3c", "--timeout", "1s", "--progress", "off"));
    assertTrue(line.transcript().contains("the rollout goes on"), line.transcript());
  }

  @Test
  void usage() {
    assertEquals(64, line.run());
    assertEquals(64, line.run("nosuch"));
    assertEquals(64, line.run("status", "--nosuch"));
    assertEquals(64, line.run("status", "-o", "xml"));
    assertEquals(64, line.run("delete", "prod"));
    assertEquals(64, line.run("restart", "prod"));
    assertEquals(0, line.run("restart", "--help"));
  }

  /** In a process of its own, with the signal that Ctrl-C is. */
  @Test
  @Timeout(60)
  void interrupted() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            // What runs tests may itself have been started deaf to it, and children inherit that.
            "env",
            "--default-signal=INT",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "io.quorate.coordinator.cli.Main",
            "rollout",
            "status",
            "prod",
            "--watch",
            "--progress",
            "plain");
    builder.environment().putAll(line.coordinator().environment(Role.VIEWER));
    builder.redirectOutput(folder.resolve("out").toFile());
    Process process = builder.start();
    try (var err = process.errorReader(StandardCharsets.UTF_8)) {
      assertEquals("Upgrade prod 3.5.16 -> 3.5.30 (rollout 118)", err.readLine());
      assertEquals(
          0, new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor());
      List<String> rest = err.lines().toList();
      assertTrue(rest.contains("Detached. Rollout 118 of prod goes on."), rest.toString());
      assertTrue(rest.contains("  stop: quorate rollout pause prod"), rest.toString());
      assertTrue(process.waitFor(20, TimeUnit.SECONDS));
      assertEquals(130, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
  }
}
