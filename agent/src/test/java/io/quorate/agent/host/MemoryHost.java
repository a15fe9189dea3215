package io.quorate.agent.host;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A machine in memory: deterministic, and killable at any of its writes. Programs are functions;
 * processes are entries that a test or a simulated service puts there.
 */
public final class MemoryHost implements Host {
  private final InstantSource clock;
  private final TreeMap<Path, Node> nodes = new TreeMap<>();
  private final Map<String, Function<Command, Finished>> programs = new HashMap<>();
  private final Map<Long, Running> processes = new TreeMap<>();
  private final Set<String> users = new HashSet<>();
  private final Set<Integer> takenPorts = new HashSet<>();
  private final Set<String> fatal = new HashSet<>();
  private CrashPoints crashPoints = CrashPoints.NONE;
  private long mutations;
  private long crashAt = Long.MAX_VALUE;
  private long freeBytes = 1L << 40;
  private long nextPid = 100;
  private int boots = 1;

  public MemoryHost(InstantSource clock) {
    this.clock = clock;
    nodes.put(Path.of("/"), new Node(Stat.Kind.DIRECTORY, Access.PUBLIC_DIRECTORY, new byte[0]));
  }

  /** What a kill looks like from inside: nothing may catch it. */
  public static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash(long mutation) {
      super("killed before change " + mutation);
    }
  }

  private final class Node {
    final Stat.Kind kind;
    Access access;
    byte[] content;
    @Nullable Path target;
    java.time.Instant modified = clock.instant();

    Node(Stat.Kind kind, Access access, byte[] content) {
      this.kind = kind;
      this.access = access;
      this.content = content;
    }
  }

  private record Running(
      ProcessFacts facts, Map<String, String> environment, String sha256, Ended ended) {}

  // ---- what a test arranges ----

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

  public void setCrashPoints(CrashPoints crashPoints) {
    this.crashPoints = crashPoints;
  }

  public void setFreeBytes(long bytes) {
    freeBytes = bytes;
  }

  public long mutations() {
    return mutations;
  }

  /** Throws {@link Crash} instead of making the change of this number, and stays dead. */
  public void crashAt(long mutation) {
    crashAt = mutation;
  }

  public void reviveAfterCrash() {
    crashAt = Long.MAX_VALUE;
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

  /** Edits a file behind the agent's back. */
  public void edit(Path file, String text) {
    node(file).content = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    node(file).modified = clock.instant();
  }

  /** Every path there is. */
  public List<Path> tree() {
    return List.copyOf(nodes.keySet());
  }

  private void mutate() {
    mutations++;
    if (mutations >= crashAt) {
      throw new Crash(mutations);
    }
  }

  // ---- files ----

  @Override
  public CrashPoints crashPoints() {
    return crashPoints;
  }

  @Override
  public Stat stat(Path path) {
    Node node = nodes.get(resolve(path, false));
    if (node == null) {
      return Stat.NOTHING;
    }
    return new Stat(
        node.kind,
        node.content.length,
        node.modified,
        node.access.owner().isEmpty() ? "root" : node.access.owner(),
        node.access.mode());
  }

  @Override
  public List<String> list(Path directory) {
    Path real = resolve(directory, true);
    return nodes.keySet().stream()
        .filter(path -> real.equals(path.getParent()))
        .map(path -> path.getFileName().toString())
        .sorted()
        .toList();
  }

  @Override
  public byte[] read(Path file) throws IOException {
    Node node = nodes.get(resolve(file, true));
    if (node == null || node.kind != Stat.Kind.FILE) {
      throw new FileNotFoundException(file.toString());
    }
    return node.content.clone();
  }

  @Override
  public InputStream open(Path file, long offset) throws IOException {
    byte[] content = read(file);
    return new ByteArrayInputStream(
        content, (int) Math.min(offset, content.length), content.length);
  }

  @Override
  public void write(Path file, byte[] content, Access access) throws IOException {
    requireParent(file);
    mutate();
    nodes.put(resolve(file, false), new Node(Stat.Kind.FILE, access, content.clone()));
  }

  @Override
  public OutputStream create(Path file, Access access) throws IOException {
    requireParent(file);
    Path real = resolve(file, false);
    if (nodes.containsKey(real)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    mutate();
    Node node = new Node(Stat.Kind.FILE, access, new byte[0]);
    nodes.put(real, node);
    return growing(node);
  }

  @Override
  public OutputStream append(Path file) throws IOException {
    requireParent(file);
    mutate();
    return growing(
        nodes.computeIfAbsent(
            resolve(file, false), it -> new Node(Stat.Kind.FILE, Access.PUBLIC, new byte[0])));
  }

  private OutputStream growing(Node node) {
    return new ByteArrayOutputStream() {
      @Override
      public void close() {
        byte[] before = node.content;
        byte[] added = toByteArray();
        if (added.length > 0) {
          mutate();
        }
        byte[] all = Arrays.copyOf(before, before.length + added.length);
        System.arraycopy(added, 0, all, before.length, added.length);
        node.content = all;
        node.modified = clock.instant();
        reset();
      }
    };
  }

  @Override
  public void makeDirectory(Path directory, Access access) throws IOException {
    Path real = resolve(directory, false);
    Node node = nodes.get(real);
    if (node == null) {
      Path parent = real.getParent();
      if (parent != null && !nodes.containsKey(resolve(parent, true))) {
        makeDirectory(parent, Access.PUBLIC_DIRECTORY);
      }
      requireUser(access.owner());
      mutate();
      nodes.put(real, new Node(Stat.Kind.DIRECTORY, access, new byte[0]));
    } else if (node.kind != Stat.Kind.DIRECTORY) {
      throw new FileAlreadyExistsException(directory.toString());
    } else if (!stat(directory).allows(access)) {
      mutate();
      node.access = access;
    }
  }

  @Override
  public void giveTree(Path tree, String owner) throws IOException {
    if (owner.isEmpty()) {
      return;
    }
    requireUser(owner);
    mutate();
    Path real = resolve(tree, false);
    nodes.forEach(
        (path, node) -> {
          if (path.startsWith(real)) {
            node.access = new Access(owner, node.access.mode());
          }
        });
  }

  @Override
  public void link(Path link, Path target) throws IOException {
    requireParent(link);
    mutate();
    Node node = new Node(Stat.Kind.LINK, Access.PUBLIC, new byte[0]);
    node.target = target;
    nodes.put(resolve(link, false), node);
  }

  @Override
  public Optional<Path> readLink(Path link) {
    Node node = nodes.get(resolve(link, false));
    return node == null ? Optional.empty() : Optional.ofNullable(node.target);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Path source = resolve(from, false);
    Path target = resolve(to, false);
    if (!nodes.containsKey(source)) {
      throw new FileNotFoundException(from.toString());
    }
    if (nodes.containsKey(target)) {
      throw new FileAlreadyExistsException(to.toString());
    }
    requireParent(to);
    mutate();
    for (Path path : new ArrayList<>(nodes.tailMap(source, true).keySet())) {
      if (path.startsWith(source)) {
        Node node = nodes.remove(path);
        nodes.put(
            path.equals(source) ? target : target.resolve(source.relativize(path)),
            java.util.Objects.requireNonNull(node));
      }
    }
  }

  @Override
  public void removeTree(Path tree) {
    Path real = resolve(tree, false);
    if (nodes.containsKey(real)) {
      mutate();
      nodes.keySet().removeIf(path -> path.startsWith(real));
    }
  }

  @Override
  public void empty(Path file) {
    mutate();
    node(file).content = new byte[0];
  }

  @Override
  public long freeBytes(Path path) {
    return freeBytes;
  }

  // ---- processes ----

  @Override
  public Finished run(Command command) throws IOException {
    Path program = Path.of(command.arguments().getFirst());
    Function<Command, Finished> answer = programs.get(program.getFileName().toString());
    if (answer == null || (program.isAbsolute() && !stat(program).isFile() && notLinked(program))) {
      throw new IOException("no such program: " + program);
    }
    return answer.apply(command);
  }

  private boolean notLinked(Path program) {
    return !nodes.containsKey(resolve(program, true));
  }

  @Override
  public long spawn(Command command, Path log, Ended ended) throws IOException {
    // A program may be wrapped in another that sets limits and then becomes it.
    int wrapped = command.arguments().indexOf("--") + 1;
    Path program = resolve(Path.of(command.arguments().get(wrapped)), true);
    Node binary = nodes.get(program);
    if (binary == null) {
      throw new IOException("no such program: " + program);
    }
    mutate();
    long pid = nextPid++;
    processes.put(
        pid,
        new Running(
            new ProcessFacts(pid, pid * 10, clock.instant()),
            command.environment(),
            Sha256.of(new ByteArrayInputStream(binary.content)),
            ended));
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

  // ---- paths ----

  /** Follows links in the way, and at the end too when asked. */
  private Path resolve(Path path, boolean follow) {
    Path real = Path.of("/");
    for (int i = 0; i < path.getNameCount(); i++) {
      real = real.resolve(path.getName(i)).normalize();
      Node node = nodes.get(real);
      boolean last = i == path.getNameCount() - 1;
      if (node != null && node.target != null && (follow || !last)) {
        real =
            resolve(java.util.Objects.requireNonNull(real.getParent()).resolve(node.target), true);
      }
    }
    return real;
  }

  private Node node(Path path) {
    Node node = nodes.get(resolve(path, true));
    if (node == null) {
      throw new IllegalArgumentException("no " + path);
    }
    return node;
  }

  private void requireParent(Path path) throws IOException {
    Path parent = path.getParent();
    Node node = parent == null ? null : nodes.get(resolve(parent, true));
    if (node == null || node.kind != Stat.Kind.DIRECTORY) {
      throw new FileNotFoundException(path + " has no directory");
    }
  }

  private void requireUser(String user) throws IOException {
    if (!user.isEmpty() && !users.contains(user)) {
      throw new IOException("no user " + user);
    }
  }
}
