package io.quorate.agent.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.CrashPoints;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.agent.host.HostProcesses.Signal;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.LinuxHost;
import io.quorate.agent.host.SetClock;
import io.quorate.common.model.HostReport.UnitState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract with real processes, and what only this manager has to do by itself. */
class SupervisedManagerTest extends ServiceContract {
  @TempDir private Path root;
  private final LinuxHost host = new LinuxHost(CrashPoints.NONE, InstantSource.system());
  private final SetClock clock = new SetClock(Instant.now());
  private final Semaphore ends = new Semaphore(0);
  private @org.jspecify.annotations.Nullable SupervisedManager services;

  @Override
  Host host() {
    return host;
  }

  @Override
  Layout layout() {
    return Layout.under(root);
  }

  @Override
  SupervisedManager services() {
    if (services == null) {
      services = anotherAgent();
    }
    return services;
  }

  /** What a restarted agent has. */
  private SupervisedManager anotherAgent() {
    SupervisedManager manager = new SupervisedManager(host, layout(), clock);
    manager.onEnd(ends::release);
    services = manager;
    return manager;
  }

  @Override
  void awaitEnd(ProcessFacts process) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (host.process(process.pid()).filter(process::equals).isPresent()) {
      ends.tryAcquire(20, TimeUnit.MILLISECONDS);
      assertTrue(System.nanoTime() < deadline, "still running: " + process);
      services().turn();
    }
    // The exit code follows the end by a moment.
    while (services().state(CLUSTER).state() == UnitState.STOPPING) {
      ends.tryAcquire(20, TimeUnit.MILLISECONDS);
      services().turn();
    }
    services().turn();
  }

  /**
   * Its configuration says how it is to end: a stand-in for etcd. Like etcd it has no children,
   * which would carry its mark.
   */
  @Override
  byte[] program() {
    return """
        #!/bin/bash
        echo "started with $1"
        read -r configuration <"${1#--config-file=}"
        case $configuration in
          *deaf*) trap '' TERM; echo deaf; exec sleep 1000 ;;
          *fails*) exit 3 ;;
          *leaves*) exit 0 ;;
          *) exec sleep 1000 ;;
        esac
        """
        .getBytes(UTF_8);
  }

  /** Until then a signal would still find the program as it was before its first line. */
  private void awaitLine(String line) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!services().lastLines(CLUSTER, 5).contains(line)) {
      ends.tryAcquire(20, TimeUnit.MILLISECONDS);
      assertTrue(System.nanoTime() < deadline, "never said: " + line);
    }
  }

  private void configure(String text) throws IOException {
    host.write(layout().etcdYaml(CLUSTER), text.getBytes(UTF_8), Access.PUBLIC);
  }

  private ProcessFacts start(String configuration) throws IOException {
    configure(configuration);
    services().define(definition("2048"));
    services().start(CLUSTER);
    return services().state(CLUSTER).process().orElse(new ProcessFacts(0, 0, Instant.EPOCH));
  }

  @Test
  void anAgentThatComesBackFindsItsProcess() throws Exception {
    ProcessFacts process = start("name: x");
    SupervisedManager later = anotherAgent();
    later.turn();
    assertEquals(process, later.state(CLUSTER).process().orElseThrow());
    later.stop(CLUSTER);
    awaitEnd(process);
    assertEquals(UnitState.STOPPED, later.state(CLUSTER).state());
  }

  @Test
  void aCrashIsFollowedByARestartAfterAPause() throws Exception {
    ProcessFacts process = start("name: x");
    host.signal(process, Signal.KILL);
    awaitEnd(process);
    assertEquals(UnitState.STARTING, services().state(CLUSTER).state());
    assertEquals(137, services().state(CLUSTER).exitCode());
    clock.pass(Duration.ofMillis(999));
    services().turn();
    assertTrue(services().state(CLUSTER).process().isEmpty());
    clock.pass(Duration.ofMillis(1));
    services().turn();
    assertEquals(UnitState.RUNNING, services().state(CLUSTER).state());
    assertEquals(1, services().state(CLUSTER).restarts());
  }

  @Test
  void aCrashLoopEndsInFailedUntilTheNextStartThatIsMeant() throws Exception {
    ProcessFacts process = start("fails");
    for (int failure = 1; failure < SupervisedManager.LIMIT; failure++) {
      awaitEnd(process);
      clock.pass(SupervisedManager.pause(failure));
      services().turn();
      process = services().state(CLUSTER).process().orElse(process);
    }
    awaitEnd(process);
    assertEquals(UnitState.FAILED, services().state(CLUSTER).state());
    assertEquals(3, services().state(CLUSTER).exitCode());
    assertEquals(UnitState.FAILED, anotherAgent().state(CLUSTER).state());
    configure("name: x");
    services().start(CLUSTER);
    assertEquals(UnitState.RUNNING, services().state(CLUSTER).state());
  }

  @Test
  void oneThatLeavesByItselfStaysDown() throws Exception {
    awaitEnd(start("leaves"));
    clock.pass(Duration.ofHours(1));
    services().turn();
    assertEquals(UnitState.STOPPED, services().state(CLUSTER).state());
  }

  @Test
  void killsWhatDoesNotStop() throws Exception {
    ProcessFacts process = start("deaf");
    awaitLine("deaf");
    services().stop(CLUSTER);
    services().turn();
    assertEquals(UnitState.STOPPING, services().state(CLUSTER).state());
    clock.pass(Duration.ofMinutes(2));
    awaitEnd(process);
    assertEquals(UnitState.STOPPED, services().state(CLUSTER).state());
  }

  @Test
  void pausesGrowAndAreBounded() {
    assertEquals(Duration.ofSeconds(1), SupervisedManager.pause(1));
    assertEquals(Duration.ofSeconds(4), SupervisedManager.pause(3));
    assertEquals(SupervisedManager.LONGEST_PAUSE, SupervisedManager.pause(100));
  }

  @Test
  void keepsTheLog() throws Exception {
    ProcessFacts process = start("leaves");
    awaitEnd(process);
    assertEquals(
        List.of("started with --config-file=" + layout().etcdYaml(CLUSTER)),
        services().lastLines(CLUSTER, 5));
  }

  @Test
  void twoStartsAtOnceMakeOneProcess() throws Exception {
    ProcessFacts process = start("name: x");
    SupervisedManager other = new SupervisedManager(host, layout(), clock);
    other.start(CLUSTER);
    assertEquals(process, other.state(CLUSTER).process().orElseThrow());
    assertNotEquals(0, process.pid());
  }
}
