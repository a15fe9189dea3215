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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file system in memory, killable at any of its writes. */
abstract class MemoryFiles implements HostFiles {
  private final InstantSource clock;
  private final TreeMap<Path, Node> nodes = new TreeMap<>();
  final Set<String> users = new HashSet<>();
  private long mutations;
  private long crashAt = Long.MAX_VALUE;
  private long freeBytes = 1L << 40;

  MemoryFiles(InstantSource clock) {
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

  /** Edits a file behind the agent's back. */
  public void edit(Path file, String text) {
    node(file).content = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    node(file).modified = clock.instant();
  }

  /** Every path there is. */
  public List<Path> tree() {
    return List.copyOf(nodes.keySet());
  }

  final void mutate() {
    mutations++;
    if (mutations >= crashAt) {
      throw new Crash(mutations);
    }
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

  /** Whether there is something at the end of all links. */
  final boolean leads(Path path) {
    return nodes.containsKey(resolve(path, true));
  }

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
