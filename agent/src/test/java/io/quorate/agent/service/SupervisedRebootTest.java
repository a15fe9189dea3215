package io.quorate.agent.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.MemoryHost;
import io.quorate.agent.host.SetClock;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostReport.UnitState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Boots cannot be had with real processes. */
class SupervisedRebootTest {
  private static final ClusterName CLUSTER = ClusterName.of("c1");
  private final SetClock clock = new SetClock(Instant.EPOCH);
  private final MemoryHost host = new MemoryHost(clock);
  private final Layout layout = Layout.under(Path.of("/srv"));

  @BeforeEach
  void define() throws IOException {
    host.makeDirectory(layout.releases(), Access.PUBLIC_DIRECTORY);
    host.write(layout.releases().resolve("etcd"), "etcd".getBytes(UTF_8), Access.PUBLIC);
    agent()
        .define(
            new ServiceDefinition(
                CLUSTER,
                layout.releases().resolve("etcd"),
                layout.etcdYaml(CLUSTER),
                layout.environment(CLUSTER),
                List.of(),
                new TreeMap<>()));
  }

  private SupervisedManager agent() {
    return new SupervisedManager(host, layout, clock);
  }

  @Test
  void anEnabledServiceComesBackWithTheHost() throws IOException {
    SupervisedManager before = agent();
    before.enable(CLUSTER);
    before.start(CLUSTER);
    host.reboot();
    SupervisedManager after = agent();
    after.turn();
    assertEquals(UnitState.RUNNING, after.state(CLUSTER).state());
  }

  @Test
  void oneThatIsNotEnabledStaysDown() throws IOException {
    agent().start(CLUSTER);
    host.reboot();
    SupervisedManager after = agent();
    after.turn();
    assertEquals(UnitState.STOPPED, after.state(CLUSTER).state());
  }

  @Test
  void oneThatEndedWhileTheAgentWasAwayIsStartedAgain() throws IOException {
    SupervisedManager before = agent();
    before.start(CLUSTER);
    host.endProcess(before.state(CLUSTER).process().orElseThrow().pid(), 137);
    SupervisedManager after = agent();
    after.turn();
    assertEquals(UnitState.RUNNING, after.state(CLUSTER).state());
  }

  @Test
  void aKillBetweenStartAndNoticeStartsNoSecond() throws IOException {
    SupervisedManager before = agent();
    before.start(CLUSTER);
    SupervisedManager after = agent();
    after.start(CLUSTER);
    after.turn();
    assertEquals(1, host.processes().size());
  }

  @Test
  void aMissingProgramCountsAsFailure() throws IOException {
    SupervisedManager services = agent();
    services.start(CLUSTER);
    host.removeTree(layout.releases());
    host.endProcess(services.state(CLUSTER).process().orElseThrow().pid(), 1);
    for (int i = 0; i < SupervisedManager.LIMIT; i++) {
      services.turn();
      clock.pass(SupervisedManager.LONGEST_PAUSE);
    }
    assertEquals(UnitState.FAILED, services.state(CLUSTER).state());
    assertTrue(services.state(CLUSTER).process().isEmpty());
  }
}
