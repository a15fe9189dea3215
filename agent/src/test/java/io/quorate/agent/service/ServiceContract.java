package io.quorate.agent.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.agent.host.Layout;
import io.quorate.agent.service.ServiceManager.Definedness;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostReport.UnitState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ServiceManager} does. */
abstract class ServiceContract {
  static final ClusterName CLUSTER = ClusterName.of("contract");

  abstract Host host();

  abstract Layout layout();

  abstract ServiceManager services();

  /** Does turns until the process of the service is not this one any more. */
  abstract void awaitEnd(ProcessFacts process) throws Exception;

  /** Something that runs until it is told to stop. */
  abstract byte[] program() throws IOException;

  @BeforeEach
  void layDown() throws IOException {
    Path release = layout().releases().resolve("etcd-contract");
    host().makeDirectory(release, Access.PUBLIC_DIRECTORY);
    host().write(release.resolve("etcd"), program(), new Access("", 0755));
    host().makeDirectory(layout().directory(CLUSTER), Access.PUBLIC_DIRECTORY);
    host().link(layout().release(CLUSTER), release);
    host().write(layout().etcdYaml(CLUSTER), "name: x\n".getBytes(UTF_8), Access.PUBLIC);
    writeEnvironment("one");
  }

  @AfterEach
  void endIt() throws Exception {
    ServiceManager.ServiceState state = services().state(CLUSTER);
    if (state.process().isPresent()) {
      services().stop(CLUSTER);
      awaitEnd(state.process().get());
    }
    services().forget(CLUSTER);
  }

  void writeEnvironment(String fingerprint) throws IOException {
    host()
        .write(
            layout().environment(CLUSTER),
            ("# comment\nQUORATE_FINGERPRINT=" + fingerprint + "\n").getBytes(UTF_8),
            Access.PUBLIC);
  }

  ServiceDefinition definition(String openFiles) {
    SortedMap<String, String> unit = new TreeMap<>();
    unit.put("LimitNOFILE", openFiles);
    return new ServiceDefinition(
        CLUSTER,
        layout().release(CLUSTER).resolve("etcd"),
        layout().etcdYaml(CLUSTER),
        layout().environment(CLUSTER),
        List.of(layout().directory(CLUSTER)),
        unit);
  }

  ProcessFacts running() throws IOException {
    return services().state(CLUSTER).process().orElseThrow();
  }

  @Test
  void isAbsentUntilDefined() throws IOException {
    assertEquals(UnitState.ABSENT, services().state(CLUSTER).state());
    assertEquals(
        new Definedness(false, false, List.of()), services().definedness(definition("2048")));
    services().define(definition("2048"));
    services().define(definition("2048"));
    assertEquals(UnitState.STOPPED, services().state(CLUSTER).state());
    assertEquals(
        new Definedness(true, true, List.of()), services().definedness(definition("2048")));
    assertEquals(
        new Definedness(true, false, List.of()), services().definedness(definition("4096")));
    assertThrows(QuorateException.class, () -> services().define(definition("1\nUser=root")));
  }

  @Test
  void startsOnceAndWithItsEnvironment() throws IOException {
    services().define(definition("2048"));
    services().start(CLUSTER);
    ProcessFacts process = running();
    assertEquals(UnitState.RUNNING, services().state(CLUSTER).state());
    assertEquals("one", host().environment(process.pid()).get("QUORATE_FINGERPRINT"));
    services().start(CLUSTER);
    services().turn();
    assertEquals(process, running());
  }

  @Test
  void definingARunningServiceLeavesItAlone() throws IOException {
    services().define(definition("2048"));
    services().start(CLUSTER);
    ProcessFacts process = running();
    services().define(definition("4096"));
    services().turn();
    assertEquals(process, running());
  }

  @Test
  void stopsAndStaysDown() throws Exception {
    services().define(definition("2048"));
    services().start(CLUSTER);
    ProcessFacts process = running();
    services().stop(CLUSTER);
    services().stop(CLUSTER);
    awaitEnd(process);
    services().turn();
    assertEquals(UnitState.STOPPED, services().state(CLUSTER).state());
    assertTrue(services().state(CLUSTER).process().isEmpty());
  }

  @Test
  void restartsIntoWhatIsThereByThen() throws Exception {
    services().define(definition("2048"));
    services().start(CLUSTER);
    ProcessFacts before = running();
    writeEnvironment("two");
    services().restart(CLUSTER);
    awaitEnd(before);
    ProcessFacts after = running();
    assertNotEquals(before, after);
    assertEquals("two", host().environment(after.pid()).get("QUORATE_FINGERPRINT"));
    assertEquals(UnitState.RUNNING, services().state(CLUSTER).state());
  }

  @Test
  void restartingWhatIsDownStartsIt() throws IOException {
    services().define(definition("2048"));
    services().restart(CLUSTER);
    assertEquals(UnitState.RUNNING, services().state(CLUSTER).state());
  }

  @Test
  void enablesAndDisables() throws IOException {
    services().define(definition("2048"));
    assertFalse(services().state(CLUSTER).enabled());
    services().enable(CLUSTER);
    services().enable(CLUSTER);
    assertTrue(services().state(CLUSTER).enabled());
    services().disable(CLUSTER);
    assertFalse(services().state(CLUSTER).enabled());
  }

  @Test
  void aServiceWithoutALogHasNoLines() throws IOException {
    assertEquals(List.of(), services().lastLines(CLUSTER, 10));
  }
}
