package io.quorate.agent.host;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A machine in memory: deterministic, and killable at any of its writes. Programs are functions;
 * processes are entries that a test or a simulated service puts there.
 */
public final class MemoryHost extends MemoryFiles implements Host {
  private final InstantSource clock;
  private final Map<String, Function<Command, Finished>> programs = new HashMap<>();
  private final Map<Long, Running> processes = new TreeMap<>();
  private final Set<Integer> takenPorts = new HashSet<>();
  private final Set<String> fatal = new HashSet<>();
  private Function<Command, Runnable> spawned = command -> () -> {};
  private CrashPoints crashPoints = CrashPoints.NONE;
  private long nextPid = 100;
  private int boots = 1;

  public MemoryHost(InstantSource clock) {
    super(clock);
    this.clock = clock;
  }

  private record Running(
      ProcessFacts facts, Map<String, String> environment, String sha256, Ended ended) {}

  public MemoryHost withUser(String user) {
    users.add(user);
    return this;
  }

  /** Answers every command whose program's file name is this. */
  public MemoryHost withProgram(String name, Function<Command, Finished> program) {
    programs.put(name, program);
    return this;
  }

  public void takePort(int port) {
    takenPorts.add(port);
  }

  /** A process that is started with this argument ends at once. */
  public void endsAtOnce(String argument) {
    fatal.add(argument);
  }

  /** What a process that is started does, until it ends: what is returned is run then. */
  public void whenSpawned(Function<Command, Runnable> life) {
    spawned = life;
  }

  public void setCrashPoints(CrashPoints crashPoints) {
    this.crashPoints = crashPoints;
  }

  public void reboot() {
    boots++;
    processes.clear();
  }

  /** Lets a process appear that did not come from {@link #spawn}. */
  public long putProcess(Map<String, String> environment, String executableSha256) {
    long pid = nextPid++;
    processes.put(
        pid,
        new Running(
            new ProcessFacts(pid, pid * 10, clock.instant()),
            Map.copyOf(environment),
            executableSha256,
            (id, code) -> {}));
    return pid;
  }

  public void endProcess(long pid, int exitCode) {
    Running process = processes.remove(pid);
    if (process != null) {
      process.ended.ended(pid, exitCode);
    }
  }

  @Override
  public CrashPoints crashPoints() {
    return crashPoints;
  }

  @Override
  public Finished run(Command command) throws IOException {
    Path program = Path.of(command.arguments().getFirst());
    Function<Command, Finished> answer = programs.get(program.getFileName().toString());
    if (answer == null || (program.isAbsolute() && !stat(program).isFile() && !leads(program))) {
      throw new IOException("no such program: " + program);
    }
    return answer.apply(command);
  }

  @Override
  public long spawn(Command command, Path log, Ended ended) throws IOException {
    // A program may be wrapped in another that sets limits and then becomes it.
    int wrapped = command.arguments().indexOf("--") + 1;
    Path program = Path.of(command.arguments().get(wrapped));
    if (!leads(program)) {
      throw new IOException("no such program: " + program);
    }
    byte[] binary = read(program);
    mutate();
    long pid = nextPid++;
    Runnable end = spawned.apply(command);
    processes.put(
        pid,
        new Running(
            new ProcessFacts(pid, pid * 10, clock.instant()),
            command.environment(),
            Sha256.of(new ByteArrayInputStream(binary)),
            (id, code) -> {
              end.run();
              ended.ended(id, code);
            }));
    if (command.arguments().stream().anyMatch(fatal::contains)) {
      endProcess(pid, 1);
    }
    return pid;
  }

  @Override
  public List<Long> processes() {
    return List.copyOf(processes.keySet());
  }

  @Override
  public Optional<ProcessFacts> process(long pid) {
    return Optional.ofNullable(processes.get(pid)).map(Running::facts);
  }

  @Override
  public Map<String, String> environment(long pid) {
    Running process = processes.get(pid);
    return process == null ? Map.of() : process.environment;
  }

  @Override
  public Optional<Path> executable(long pid) {
    return process(pid).map(it -> Path.of("/memory/etcd"));
  }

  @Override
  public String executableSha256(long pid) throws IOException {
    Running process = processes.get(pid);
    if (process == null) {
      throw new IOException("no process " + pid);
    }
    return process.sha256;
  }

  @Override
  public void signal(ProcessFacts process, Signal signal) {
    if (process(process.pid()).filter(process::equals).isPresent()) {
      endProcess(process.pid(), signal == Signal.TERMINATE ? 143 : 137);
    }
  }

  @Override
  public boolean userExists(String user) {
    return users.contains(user);
  }

  @Override
  public boolean canListen(String address, int port) {
    return !takenPorts.contains(port);
  }

  @Override
  public String bootId() {
    return "boot-" + boots;
  }
}
