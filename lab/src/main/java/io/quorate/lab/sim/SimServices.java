package io.quorate.lab.sim;

import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.agent.host.MemoryHost;
import io.quorate.agent.host.Sha256;
import io.quorate.agent.service.ServiceDefinition;
import io.quorate.agent.service.ServiceManager;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostReport.UnitState;
import io.quorate.coordinator.etcd.model.ModelProcess;
import io.quorate.coordinator.etcd.model.StartConfig;
import io.quorate.coordinator.etcd.model.StartConfig.Way;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs the modelled etcd as systemd would: from the files that are on the disk at its start, again
 * after it fails, until it has failed too often. It outlives the agent.
 */
final class SimServices implements ServiceManager {
  private static final int FAILURES = 5;

  private final World world;
  private final SimHost machine;
  private final MemoryHost host;
  private Runnable listener = () -> {};

  private Optional<ServiceDefinition> definition = Optional.empty();
  private boolean enabled;
  private boolean wanted;

  /** Its start is queued after the agent's, at a boot. */
  private boolean queued;

  private boolean stopping;
  private boolean failed;
  private int failures;
  private int restarts;
  private int exitCode;
  private long pid;
  private String lastWords = "";
  private @Nullable ModelProcess process;

  SimServices(World world, SimHost machine, MemoryHost host) {
    this.world = world;
    this.machine = machine;
    this.host = host;
  }

  Optional<ModelProcess> process() {
    return Optional.ofNullable(process).filter(p -> !p.ended());
  }

  // ---- what befalls the machine ----

  void losePower() {
    Optional<ModelProcess> running = process();
    process = null;
    stopping = false;
    wanted = false;
    queued = false;
    host.reboot();
    pid = 0;
    running.ifPresent(world.etcd()::kill);
  }

  void boot() {
    failures = 0;
    failed = false;
    queued = enabled && definition.isPresent();
  }

  /** What waited for that is started. */
  void agentIsReady() {
    if (queued) {
      queued = false;
      wanted = true;
      if (process().isEmpty()) {
        launch();
      }
    }
  }

  // ---- the interface ----

  @Override
  public String kind() {
    return "simulated";
  }

  @Override
  public void define(ServiceDefinition wish) {
    definition = Optional.of(wish);
  }

  @Override
  public Definedness definedness(ServiceDefinition wish) {
    return new Definedness(definition.isPresent(), definition.equals(Optional.of(wish)), List.of());
  }

  @Override
  public void start(ClusterName cluster) {
    queued = false;
    wanted = true;
    failed = false;
    failures = 0;
    if (process().isEmpty()) {
      launch();
    }
  }

  @Override
  public void stop(ClusterName cluster) {
    queued = false;
    wanted = false;
    end();
  }

  @Override
  public void restart(ClusterName cluster) {
    queued = false;
    wanted = true;
    failed = false;
    failures = 0;
    if (process().isPresent()) {
      end();
    } else {
      launch();
    }
  }

  private void end() {
    process()
        .filter(p -> !stopping)
        .ifPresent(
            p -> {
              machine.aboutToStop(p);
              stopping = true;
              world.etcd().stop(p);
            });
  }

  @Override
  public void enable(ClusterName cluster) {
    enabled = true;
  }

  @Override
  public void disable(ClusterName cluster) {
    enabled = false;
  }

  @Override
  public void forget(ClusterName cluster) {
    definition = Optional.empty();
    enabled = false;
  }

  @Override
  public ServiceState state(ClusterName cluster) {
    Optional<ProcessFacts> facts = process().isPresent() ? host.process(pid) : Optional.empty();
    UnitState state =
        definition.isEmpty()
            ? UnitState.ABSENT
            : process().isPresent()
                ? stopping
                    ? UnitState.STOPPING
                    : process().get().serving() ? UnitState.RUNNING : UnitState.STARTING
                : failed
                    ? UnitState.FAILED
                    : queued || (wanted && failures > 0) ? UnitState.STARTING : UnitState.STOPPED;
    return new ServiceState(state, enabled, restarts, facts, exitCode);
  }

  @Override
  public List<String> lastLines(ClusterName cluster, int lines) {
    return lastWords.isEmpty() ? List.of() : List.of(lastWords);
  }

  @Override
  public void turn() {}

  @Override
  public void onEnd(Runnable newListener) {
    listener = newListener;
  }

  // ---- etcd ----

  private void launch() {
    try {
      ServiceDefinition unit = definition.orElseThrow();
      Map<String, String> environment = pairs(host.text(unit.environment()).orElse(""), "=");
      byte[] program = host.read(unit.executable());
      String words = new String(program, 64, program.length - 64, StandardCharsets.UTF_8);
      String version = words.substring(words.indexOf(' ') + 1);
      pid = host.putProcess(environment, Sha256.of(new ByteArrayInputStream(program)));
      begin(unit, version);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void begin(ServiceDefinition unit, String version) throws IOException {
    Map<String, String> yaml = pairs(host.text(unit.configuration()).orElse(""), ": ");
    world.say("%s: etcd starts %s %s".formatted(machine.name(), yaml.get("name"), version));
    Map<String, String> founders = new TreeMap<>();
    for (String one : value(yaml, "initial-cluster").split(",", -1)) {
      int equals = one.indexOf('=');
      if (equals > 0) {
        founders.put(one.substring(0, equals), one.substring(equals + 1));
      }
    }
    MemoryData data = new MemoryData(host, value(yaml, "data-dir"), value(yaml, "wal-dir"));
    machine.aboutToStart(data.read(), way(yaml) == Way.FORCE);
    long mine = pid;
    ModelProcess started =
        world
            .etcd()
            .start(
                new StartConfig(
                    EtcdVersion.parse(version),
                    value(yaml, "name"),
                    value(yaml, "initial-advertise-peer-urls"),
                    value(yaml, "advertise-client-urls"),
                    founders,
                    way(yaml),
                    value(yaml, "initial-cluster-token"),
                    data),
                (code, words) -> ended(mine, code, words));
    process = started;
    stopping = false;
    if (version.equals(Scenario.BROKEN)) {
      world.time().after(Duration.ofMillis(50), () -> world.etcd().fail(started, "panic: broken"));
    }
  }

  private static Way way(Map<String, String> yaml) {
    if (value(yaml, "force-new-cluster").equals("true")) {
      return Way.FORCE;
    }
    return value(yaml, "initial-cluster-state").equals("existing") ? Way.JOIN : Way.FOUND;
  }

  private static String value(Map<String, String> yaml, String key) {
    return yaml.getOrDefault(key, "");
  }

  /** Lines of a key, a separator and a value, which may be quoted. */
  private static Map<String, String> pairs(String text, String separator) {
    Map<String, String> pairs = new TreeMap<>();
    text.lines()
        .filter(line -> line.contains(separator) && !line.startsWith("#"))
        .forEach(
            line -> {
              int at = line.indexOf(separator);
              String value = line.substring(at + separator.length()).strip();
              pairs.put(line.substring(0, at).strip(), value.replaceAll("^['\"]|['\"]$", ""));
            });
    return pairs;
  }

  private void ended(long mine, int code, String words) {
    if (mine != pid || !machine.up()) {
      return;
    }
    world.say("%s: etcd ends %d %s".formatted(machine.name(), code, words));
    boolean ours = stopping;
    lastWords = words;
    exitCode = code;
    process = null;
    stopping = false;
    host.endProcess(pid, code);
    pid = 0;
    if (!ours && code != 0) {
      failures++;
      restarts++;
      failed = failures >= FAILURES;
      again(Duration.ofSeconds(1));
    } else if (ours && wanted) {
      again(Duration.ofMillis(50));
    }
    listener.run();
  }

  private void again(Duration pause) {
    world
        .time()
        .after(
            pause,
            () -> {
              boolean due = wanted && !failed && machine.up() && process().isEmpty();
              if (due && definition.isPresent()) {
                launch();
              }
            });
  }
}
