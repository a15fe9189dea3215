package io.quorate.agent.service;

import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.agent.host.MemoryHost;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostReport.UnitState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Services of a {@link MemoryHost}. A start takes in the environment file and the executable at
 * once; a stop lasts until the next {@link #turn}, unless it hangs.
 */
public final class FakeServiceManager implements ServiceManager {
  private final MemoryHost host;
  private final Map<ClusterName, Service> services = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private Runnable listener = () -> {};
  private boolean refusing;

  public FakeServiceManager(MemoryHost host) {
    this.host = host;
  }

  private static final class Service {
    @Nullable ServiceDefinition definition;
    boolean enabled;
    boolean up;
    boolean stopping;
    boolean failed;
    int restarts;
    int exitCode;
    long pid;
    List<String> log = List.of();
    List<String> additions = List.of();
  }

  // ---- what a test arranges ----

  /** Every start, stop and restart that was asked for, in order. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  public void refuse(boolean refuse) {
    refusing = refuse;
  }

  public void crash(ClusterName cluster, int exitCode, String... lastLines) {
    Service service = of(cluster);
    host.endProcess(service.pid, exitCode);
    service.pid = 0;
    service.up = false;
    service.failed = exitCode != 0;
    service.exitCode = exitCode;
    service.restarts += exitCode == 0 ? 0 : 1;
    service.log = List.of(lastLines);
    listener.run();
  }

  public void add(ClusterName cluster, String foreignDropIn) {
    of(cluster).additions = List.of(foreignDropIn);
  }

  // ---- the interface ----

  @Override
  public String kind() {
    return "fake";
  }

  @Override
  public void define(ServiceDefinition definition) {
    var unused = UnitSettings.dropIn(definition);
    of(definition.cluster()).definition = definition;
  }

  @Override
  public Definedness definedness(ServiceDefinition wanted) {
    Service service = of(wanted.cluster());
    return new Definedness(
        service.definition != null, wanted.equals(service.definition), service.additions);
  }

  @Override
  public void start(ClusterName cluster) throws IOException {
    call("start", cluster);
    Service service = of(cluster);
    service.up = true;
    service.failed = false;
    if (!service.stopping && service.pid == 0) {
      run(service);
    }
  }

  @Override
  public void stop(ClusterName cluster) {
    call("stop", cluster);
    Service service = of(cluster);
    service.up = false;
    service.stopping = service.pid != 0;
  }

  @Override
  public void restart(ClusterName cluster) throws IOException {
    call("restart", cluster);
    Service service = of(cluster);
    service.up = true;
    service.failed = false;
    service.stopping = service.pid != 0;
    if (!service.stopping) {
      run(service);
    }
  }

  @Override
  public void enable(ClusterName cluster) {
    call("enable", cluster);
    of(cluster).enabled = true;
  }

  @Override
  public void disable(ClusterName cluster) {
    call("disable", cluster);
    of(cluster).enabled = false;
  }

  @Override
  public void forget(ClusterName cluster) {
    services.remove(cluster);
  }

  @Override
  public ServiceState state(ClusterName cluster) {
    Service service = of(cluster);
    Optional<ProcessFacts> process = host.process(service.pid);
    UnitState state =
        service.definition == null
            ? UnitState.ABSENT
            : service.stopping
                ? UnitState.STOPPING
                : process.isPresent()
                    ? UnitState.RUNNING
                    : service.failed ? UnitState.FAILED : UnitState.STOPPED;
    return new ServiceState(state, service.enabled, service.restarts, process, service.exitCode);
  }

  @Override
  public List<String> lastLines(ClusterName cluster, int lines) {
    List<String> log = of(cluster).log;
    return log.subList(Math.max(0, log.size() - lines), log.size());
  }

  @Override
  public void turn() throws IOException {
    for (Service service : services.values()) {
      if (service.stopping) {
        service.stopping = false;
        host.endProcess(service.pid, 143);
        service.pid = 0;
        service.exitCode = 143;
        listener.run();
        if (service.up) {
          run(service);
        }
      }
    }
  }

  @Override
  public void onEnd(Runnable newListener) {
    listener = newListener;
  }

  private void run(Service service) throws IOException {
    ServiceDefinition definition = service.definition;
    if (definition == null) {
      throw Problem.of(Code.Q2018, "not defined").asException();
    }
    Map<String, String> environment = new HashMap<>();
    host.text(definition.environment())
        .orElse("")
        .lines()
        .filter(line -> line.contains("="))
        .forEach(
            line ->
                environment.put(
                    line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
    Path executable = definition.executable();
    service.pid =
        host.putProcess(
            environment,
            io.quorate.agent.host.Sha256.of(new ByteArrayInputStream(host.read(executable))));
  }

  private void call(String verb, ClusterName cluster) {
    if (refusing) {
      throw Problem.of(Code.Q2018, "refused as told").asException();
    }
    calls.add(verb + " " + cluster);
  }

  private Service of(ClusterName cluster) {
    return services.computeIfAbsent(cluster, it -> new Service());
  }
}
