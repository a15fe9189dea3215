package io.quorate.agent.service;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.agent.host.HostProcesses.Signal;
import io.quorate.agent.host.Layout;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostReport.UnitState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Services without a service manager: etcd as a process in a session of its own, which the agent
 * starts, watches and restarts, but which is not bound to the agent.
 *
 * <ol>
 *   <li>A process is found by what it carries: {@link #MARK} in its environment names its
 *       configuration file. So an agent that was restarted, or killed right after it had started
 *       one, finds it again; there is no file of process ids that could be wrong.
 *   <li>It is never started while such a process lives.
 *   <li>What is wanted (up or down, enabled or not) is a small durable file; after a reboot "up"
 *       becomes "enabled".
 *   <li>An end with code 0 stays an end. Any other end is followed by a restart after 1 s, 2 s, 4 s
 *       … 30 s; the {@link #LIMIT}th failure in a row is the last: the service has failed. A minute
 *       of running makes the row begin anew.
 *   <li>A stop is SIGTERM, and SIGKILL when it takes longer than the stop timeout.
 * </ol>
 */
public final class SupervisedManager implements ServiceManager {
  /** In the environment of every process that is started here. */
  public static final String MARK = "QUORATE_SERVICE";

  static final int LIMIT = 6;
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  static final Duration STEADY = Duration.ofMinutes(1);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
  private static final int UNKNOWN_EXIT = -1;

  private final Host host;
  private final Layout layout;
  private final InstantSource clock;
  private final ServiceLog log;
  private final Map<ClusterName, Watched> watched = new HashMap<>();
  private final Map<Long, Integer> exits = new ConcurrentHashMap<>();
  private volatile Runnable listener = () -> {};

  public SupervisedManager(Host host, Layout layout, InstantSource clock) {
    this.host = host;
    this.layout = layout;
    this.clock = clock;
    this.log = new ServiceLog(host, layout);
  }

  /** What this agent knows of a service beyond what is durable. */
  private static final class Watched {
    ServiceFile file;
    @Nullable ProcessFacts process;
    boolean spawnedHere;
    @Nullable Instant stopBefore;
    @Nullable Instant restartAt;

    Watched(ServiceFile file) {
      this.file = file;
    }
  }

  @Override
  public String kind() {
    return "supervised";
  }

  @Override
  public synchronized void define(ServiceDefinition definition) throws IOException {
    var unused = UnitSettings.dropIn(definition); // refuses what systemd would be refused, too
    Watched service = watch(definition.cluster());
    save(definition.cluster(), service, service.file.withDefinition(definition));
  }

  @Override
  public synchronized Definedness definedness(ServiceDefinition wanted) throws IOException {
    Optional<ServiceDefinition> found = watch(wanted.cluster()).file.definition();
    return new Definedness(found.isPresent(), found.equals(Optional.of(wanted)), List.of());
  }

  @Override
  public synchronized void start(ClusterName cluster) throws IOException {
    Watched service = watch(cluster);
    save(cluster, service, service.file.withUp(true).withFailures(0));
    service.restartAt = null;
    // One that is being stopped is started again by turn(), once it has ended.
    if (!alive(service)) {
      spawn(cluster, service);
    }
  }

  @Override
  public synchronized void stop(ClusterName cluster) throws IOException {
    Watched service = watch(cluster);
    save(cluster, service, service.file.withUp(false));
    service.restartAt = null;
    terminate(service);
  }

  @Override
  public synchronized void restart(ClusterName cluster) throws IOException {
    Watched service = watch(cluster);
    save(cluster, service, service.file.withUp(true).withFailures(0));
    service.restartAt = null;
    if (alive(service)) {
      terminate(service);
    } else {
      spawn(cluster, service);
    }
  }

  @Override
  public synchronized void enable(ClusterName cluster) throws IOException {
    Watched service = watch(cluster);
    save(cluster, service, service.file.withEnabled(true));
  }

  @Override
  public synchronized void disable(ClusterName cluster) throws IOException {
    Watched service = watch(cluster);
    save(cluster, service, service.file.withEnabled(false));
  }

  @Override
  public synchronized void forget(ClusterName cluster) throws IOException {
    host.removeTree(path(cluster));
    watched.remove(cluster);
  }

  @Override
  public synchronized ServiceState state(ClusterName cluster) throws IOException {
    Watched service = watch(cluster);
    boolean alive = alive(service);
    UnitState state;
    if (alive || exitPending(service)) {
      state = service.stopBefore != null || !alive ? UnitState.STOPPING : UnitState.RUNNING;
    } else if (service.file.definition().isEmpty()) {
      state = UnitState.ABSENT;
    } else if (service.file.failures() >= LIMIT) {
      state = UnitState.FAILED;
    } else {
      state = service.file.up() ? UnitState.STARTING : UnitState.STOPPED;
    }
    return new ServiceState(
        state,
        service.file.enabled(),
        service.file.restarts(),
        alive ? Optional.ofNullable(service.process) : Optional.empty(),
        service.file.exitCode());
  }

  @Override
  public List<String> lastLines(ClusterName cluster, int lines) throws IOException {
    return log.lastLines(cluster, lines);
  }

  @Override
  public synchronized void turn() throws IOException {
    for (String name : host.list(directory())) {
      if (name.endsWith(".json")) {
        ClusterName cluster = ClusterName.of(name.substring(0, name.length() - 5));
        turn(cluster, watch(cluster));
      }
    }
  }

  @Override
  public void onEnd(Runnable newListener) {
    listener = newListener;
  }

  private void turn(ClusterName cluster, Watched service) throws IOException {
    log.rotate(cluster);
    Instant now = clock.instant();
    ProcessFacts process = service.process;
    if (process != null && alive(service)) {
      if (service.stopBefore != null && now.isAfter(service.stopBefore)) {
        host.signal(process, Signal.KILL);
      }
      if (service.file.failures() > 0 && process.started().plus(STEADY).isBefore(now)) {
        save(cluster, service, service.file.withFailures(0));
      }
    } else if (!exitPending(service)) {
      if (process != null) {
        ended(cluster, service, process);
      }
      if (service.file.up() && service.file.failures() < LIMIT) {
        startIfDue(cluster, service, now);
      }
    }
  }

  private void startIfDue(ClusterName cluster, Watched service, Instant now) throws IOException {
    if (service.restartAt == null || !now.isBefore(service.restartAt)) {
      service.restartAt = null;
      try {
        spawn(cluster, service);
      } catch (QuorateException e) {
        failed(cluster, service, service.file);
      }
    }
  }

  /** Takes note of an end, and decides whether, and when, it is followed by a start. */
  private void ended(ClusterName cluster, Watched service, ProcessFacts process)
      throws IOException {
    int code = exits.getOrDefault(process.pid(), UNKNOWN_EXIT);
    boolean meant = service.stopBefore != null;
    service.process = null;
    service.stopBefore = null;
    exits.remove(process.pid());
    ServiceFile file = service.file.withExitCode(code);
    if (meant) {
      save(cluster, service, file);
    } else if (code == 0) {
      save(cluster, service, file.withUp(false));
    } else {
      failed(cluster, service, file);
    }
  }

  private void failed(ClusterName cluster, Watched service, ServiceFile file) throws IOException {
    save(cluster, service, file.withFailureMore());
    service.restartAt = clock.instant().plus(pause(service.file.failures()));
  }

  static Duration pause(int failures) {
    Duration pause = Duration.ofSeconds(1L << Math.min(failures - 1, 10));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  private void spawn(ClusterName cluster, Watched service) throws IOException {
    ServiceDefinition definition =
        service.file.definition().orElseThrow(() -> notStarted(cluster, "it is not defined"));
    Optional<ProcessFacts> living = find(definition.configuration());
    if (living.isPresent()) {
      service.process = living.get();
      service.spawnedHere = false;
      return;
    }
    host.makeDirectory(layout.logs(), Access.PUBLIC_DIRECTORY);
    Map<String, String> environment = new TreeMap<>(environment(definition.environment()));
    environment.put(MARK, definition.configuration().toString());
    List<String> arguments = new ArrayList<>();
    String openFiles = definition.unit().get("LimitNOFILE");
    if (openFiles != null) {
      arguments.addAll(List.of("prlimit", "--nofile=" + openFiles, "--"));
    }
    arguments.add(definition.executable().toString());
    arguments.add("--config-file=" + definition.configuration());
    long pid;
    try {
      pid =
          host.spawn(
              new Command(arguments, environment, Duration.ZERO), log.path(cluster), this::exited);
    } catch (IOException e) {
      throw notStarted(cluster, String.valueOf(e.getMessage()));
    }
    service.process = host.process(pid).orElse(new ProcessFacts(pid, 0, clock.instant()));
    service.spawnedHere = true;
  }

  private void exited(long pid, int code) {
    exits.put(pid, code);
    listener.run();
  }

  private static RuntimeException notStarted(ClusterName cluster, String why) {
    return Problem.of(Code.Q2018, "etcd of %s cannot be started: %s".formatted(cluster, why))
        .asException();
  }

  private void terminate(Watched service) throws IOException {
    ProcessFacts process = service.process;
    if (process != null && alive(service) && service.stopBefore == null) {
      service.stopBefore = clock.instant().plus(STOP_TIMEOUT);
      host.signal(process, Signal.TERMINATE);
    }
  }

  private boolean alive(Watched service) throws IOException {
    ProcessFacts process = service.process;
    return process != null && host.process(process.pid()).filter(process::equals).isPresent();
  }

  /** It is gone, but how it ended will only be known in a moment. */
  private boolean exitPending(Watched service) throws IOException {
    ProcessFacts process = service.process;
    return process != null
        && service.spawnedHere
        && !exits.containsKey(process.pid())
        && !alive(service);
  }

  private Watched watch(ClusterName cluster) throws IOException {
    Watched known = watched.get(cluster);
    if (known != null) {
      return known;
    }
    ServiceFile file = ServiceFile.read(host, path(cluster));
    Watched service = new Watched(file);
    if (file.definition().isPresent()) {
      service.process = find(file.definition().get().configuration()).orElse(null);
    }
    if (!file.bootId().equals(host.bootId())) {
      save(cluster, service, file.afterBoot(host.bootId()));
    }
    watched.put(cluster, service);
    return service;
  }

  private Optional<ProcessFacts> find(Path configuration) throws IOException {
    for (long pid : host.processes()) {
      if (configuration.toString().equals(host.environment(pid).get(MARK))) {
        return host.process(pid);
      }
    }
    return Optional.empty();
  }

  private Map<String, String> environment(Path file) throws IOException {
    Map<String, String> environment = new TreeMap<>();
    host.text(file)
        .orElse("")
        .lines()
        .filter(line -> line.indexOf('=') > 0 && !line.startsWith("#"))
        .forEach(
            line ->
                environment.put(
                    line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
    return environment;
  }

  private void save(ClusterName cluster, Watched service, ServiceFile file) throws IOException {
    if (!file.equals(service.file)) {
      host.makeDirectory(directory(), Access.closed(""));
      file.write(host, path(cluster));
      service.file = file;
    }
  }

  private Path directory() {
    return layout.state().resolve("services");
  }

  private Path path(ClusterName cluster) {
    return directory().resolve(cluster + ".json");
  }
}
