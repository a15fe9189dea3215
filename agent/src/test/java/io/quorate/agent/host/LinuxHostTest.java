package io.quorate.agent.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.agent.host.HostProcesses.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxHostTest extends HostContract {
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private final LinuxHost host = new LinuxHost(CrashPoints.NONE, InstantSource.system());

  @Override
  Host host() {
    return host;
  }

  @Override
  Path root() {
    return directory;
  }

  @Test
  void runsArgumentVectorsAndNoShell() throws IOException {
    Finished finished = host.run(Command.of(SOON, "printf", "%s", "$(id); a b"));
    assertEquals("$(id); a b", finished.output());
    assertTrue(finished.succeeded());
    Finished failed = host.run(Command.of(SOON, "ls", "/no/such"));
    assertFalse(failed.succeeded());
    assertTrue(failed.lastWords().contains("/no/such"), failed.lastWords());
    assertThrows(IOException.class, () -> host.run(Command.of(SOON, "/no/such/program")));
  }

  @Test
  void killsWhatTakesTooLong() throws IOException {
    Finished finished = host.run(Command.of(Duration.ofMillis(50), "sleep", "60"));
    assertTrue(finished.timedOut());
    assertFalse(finished.succeeded());
  }

  @Test
  void passesExactlyTheEnvironmentGiven() throws IOException {
    Finished finished = host.run(new Command(List.of("env"), Map.of("A", "b c"), SOON));
    assertEquals(
        List.of("A", "LC_ALL", "PATH"),
        finished.output().lines().map(line -> line.replaceFirst("=.*", "")).sorted().toList());
  }

  @Test
  void spawnsIntoASessionOfItsOwn() throws Exception {
    CompletableFuture<Integer> code = new CompletableFuture<>();
    Path log = directory.resolve("log");
    long pid =
        host.spawn(
            new Command(List.of("sleep", "600"), Map.of("MARK", "x"), SOON),
            log,
            (it, c) -> code.complete(c));
    ProcessFacts facts = host.process(pid).orElseThrow();
    try {
      assertTrue(host.processes().contains(pid));
      assertEquals(
          pid,
          Long.parseLong(
              host.run(Command.of(SOON, "ps", "-o", "sid=", "-p", "" + pid)).output().strip()));
    } finally {
      host.signal(facts, Signal.TERMINATE);
    }
    assertEquals(143, code.get(20, TimeUnit.SECONDS));
    assertTrue(host.process(pid).isEmpty());
    assertEquals(Map.of(), host.environment(pid));
  }

  /** Each of the programs on the way replaces the one before, and its memory with it. */
  @Test
  void knowsTheEnvironmentWhileOneProgramTurnsIntoTheNext() throws Exception {
    Path program = Files.writeString(directory.resolve("next"), "#!/bin/sh\nexec \"$@\"\n");
    assertTrue(program.toFile().setExecutable(true));
    List<String> chain = new ArrayList<>(Collections.nCopies(30, program.toString()));
    chain.addAll(List.of("sleep", "600"));
    CompletableFuture<Integer> code = new CompletableFuture<>();
    long pid =
        host.spawn(
            new Command(chain, Map.of("MARK", "x"), SOON),
            directory.resolve("log"),
            (it, c) -> code.complete(c));
    try {
      long deadline = System.nanoTime() + SOON.toNanos();
      boolean arrived = false;
      while (!arrived) {
        assertEquals("x", host.environment(pid).get("MARK"));
        arrived = host.executable(pid).orElseThrow().endsWith("sleep");
        assertTrue(System.nanoTime() < deadline, "never arrived");
      }
    } finally {
      host.signal(host.process(pid).orElseThrow(), Signal.TERMINATE);
    }
    assertEquals(143, code.get(20, TimeUnit.SECONDS));
  }

  @Test
  void neverSignalsAnotherProcessUnderTheSameId() throws IOException {
    ProcessFacts self = host.process(ProcessHandle.current().pid()).orElseThrow();
    host.signal(new ProcessFacts(self.pid(), self.startTicks() - 1, self.started()), Signal.KILL);
    assertTrue(host.process(self.pid()).isPresent());
  }

  @Test
  void readsWhatAProcessIs() throws IOException {
    long self = ProcessHandle.current().pid();
    ProcessFacts facts = host.process(self).orElseThrow();
    Duration apart =
        Duration.between(
                facts.started(), ProcessHandle.current().info().startInstant().orElseThrow())
            .abs();
    assertTrue(apart.compareTo(Duration.ofSeconds(2)) < 0, "started " + facts.started());
    assertEquals(System.getenv("PATH"), host.environment(self).get("PATH"));
    try (var in = Files.newInputStream(Path.of("/proc/self/exe"))) {
      assertEquals(Sha256.of(in), host.executableSha256(self));
    }
  }

  @Test
  void noticesAChangeThatLeavesSizeAndTimeAsTheyWere() throws IOException {
    Path file = Files.writeString(root().resolve("large"), "one");
    FileTime modified = Files.getLastModifiedTime(file);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    while (System.currentTimeMillis() - modified.toMillis() < 100) {
      assertTrue(System.nanoTime() < deadline, "the clock stands still");
      Thread.onSpinWait();
    }
    assertEquals(Sha256.of("one"), host.sha256(file));
    assertEquals(Sha256.of("one"), host.sha256(file));
    Files.writeString(file, "two");
    Files.setLastModifiedTime(file, modified);
    assertEquals(Sha256.of("two"), host.sha256(file));
  }

  @Test
  void knowsUsersPortsAndTheBoot() throws IOException {
    assertTrue(host.userExists("root"));
    assertFalse(host.userExists("nobody-of-that-name"));
    assertNotEquals("", host.bootId());
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertFalse(host.canListen("127.0.0.1", socket.getLocalPort()));
    }
  }

  @Test
  void endsTheProcessOnceAtTheNamedPoint() throws IOException {
    assertEquals(CrashPoints.NONE, CrashPoints.from(Map.of(), directory));
    assertThrows(
        IllegalArgumentException.class,
        () -> CrashPoints.from(Map.of(CrashPoints.VARIABLE, "nowhere"), directory));
    CrashPoints points = CrashPoints.from(Map.of(CrashPoints.VARIABLE, "before-start"), directory);
    points.after(CrashPoints.DurableStep.START);
    host.write(directory.resolve("crashed-at-before-start"), "".getBytes(UTF_8), Access.PUBLIC);
    points.before(CrashPoints.DurableStep.START);
  }
}
