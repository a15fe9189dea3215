package io.quorate.coordinator.etcd.live;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.Databases;
import io.quorate.coordinator.etcd.EtcdAdmin;
import io.quorate.coordinator.etcd.EtcdFixture;
import io.quorate.coordinator.plan.EtcdView;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Real etcd processes on loopback, in plaintext or under TLS with client certificates. */
final class LoopbackFixture implements EtcdFixture {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final Vertx vertx = Vertx.vertx();
  private final EtcdAdmin admin;
  private final @Nullable TestAuthority authority;
  private final Path home;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, Integer> ports = new HashMap<>();
  private String version = "";
  private List<String> extraFlags = List.of();
  private Optional<Access.Tls> client = Optional.empty();

  LoopbackFixture(Deadlines deadlines, @Nullable TestAuthority authority) {
    this.admin = new LiveEtcd(vertx, deadlines);
    this.authority = authority;
    if (authority != null) {
      client = Optional.of(authority.member("coordinator"));
    }
    try {
      this.home = Files.createTempDirectory("quorate-etcd-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Databases databases() {
    return new LiveDatabases(vertx, PATIENCE);
  }

  void useFlags(String... flags) {
    extraFlags = List.of(flags);
  }

  void useClient(Access.Tls material) {
    client = Optional.of(material);
  }

  @Override
  public EtcdAdmin admin() {
    return admin;
  }

  @Override
  public Access access() {
    return new Access(
        ClusterName.of("test"),
        nodes.values().stream()
            .map(node -> new Access.Target(MemberName.of(node.name), clientUrl(node.name)))
            .toList(),
        client);
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public void found(String wanted, List<String> members) {
    String initial =
        members.stream().map(name -> name + "=" + peerUrl(name)).collect(Collectors.joining(","));
    for (String name : members) {
      start(wanted, name, "new", initial);
    }
    await(
        "the cluster to form",
        view ->
            view.members().map(list -> list.members().size() == members.size()).orElse(false)
                && view.endpoints().stream().allMatch(e -> e.status().isPresent()));
  }

  @Override
  public String peerUrl(String member) {
    return scheme() + "://127.0.0.1:" + port("peer " + member);
  }

  private String clientUrl(String member) {
    return scheme() + "://127.0.0.1:" + port("client " + member);
  }

  private String scheme() {
    return authority == null ? "http" : "https";
  }

  @Override
  public void join(String wanted, String member) {
    String initial =
        Stream.concat(
                observe().members().orElseThrow().members().stream()
                    .filter(m -> !m.name().isEmpty())
                    .map(m -> m.name() + "=" + m.peerUrls().get(0)),
                Stream.of(member + "=" + peerUrl(member)))
            .collect(Collectors.joining(","));
    start(wanted, member, "existing", initial);
  }

  @Override
  public void stop(String member) {
    kill(node(member));
  }

  /** As SIGSTOP does: it keeps its connections and answers nothing. */
  void freeze(String member) {
    signal(member, "STOP");
  }

  void thaw(String member) {
    signal(member, "CONT");
  }

  @Override
  public void restart(String member) {
    Node old = node(member);
    launch(old.name, old.command);
  }

  void restart(String member, String wanted) {
    Node old = node(member);
    List<String> command = new ArrayList<>(old.command);
    command.set(0, executable(wanted).toString());
    launch(old.name, command);
  }

  @Override
  public EtcdView await(String what, Predicate<EtcdView> so) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      EtcdView view = observe();
      if (so.test(view)) {
        return view;
      }
      if (System.nanoTime() > end) {
        return fail("waited in vain for: %s%nin %s%n%s".formatted(what, view, logs()));
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  @Override
  public void close() {
    nodes.keySet().forEach(name -> signal(name, "CONT"));
    nodes.values().forEach(LoopbackFixture::kill);
    admin.close();
    vertx.close().await();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start(String wanted, String name, String state, String initial) {
    version = wanted;
    Path data = home.resolve(name);
    List<String> command =
        new ArrayList<>(
            List.of(
                executable(wanted).toString(),
                "--name=" + name,
                "--data-dir=" + data,
                "--listen-peer-urls=" + peerUrl(name),
                "--initial-advertise-peer-urls=" + peerUrl(name),
                "--listen-client-urls=" + clientUrl(name),
                "--advertise-client-urls=" + clientUrl(name),
                "--initial-cluster=" + initial,
                "--initial-cluster-state=" + state,
                "--initial-cluster-token=" + home.getFileName(),
                "--logger=zap",
                "--log-level=warn"));
    command.addAll(extraFlags);
    if (authority != null) {
      command.addAll(tlsFlags(name, authority));
    }
    launch(name, command);
  }

  private List<String> tlsFlags(String name, TestAuthority issuer) {
    try {
      Path tls = Files.createDirectories(home.resolve(name + ".tls"));
      issuer.write(tls, issuer.member(name));
      return Stream.of("", "peer-")
          .flatMap(
              side ->
                  Stream.of(
                      "--" + side + "cert-file=" + tls.resolve("tls.crt"),
                      "--" + side + "key-file=" + tls.resolve("tls.key"),
                      "--" + side + "trusted-ca-file=" + tls.resolve("ca.crt"),
                      "--" + side + "client-cert-auth"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void launch(String name, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(home.resolve(name + ".log").toFile()))
              .start();
      nodes.put(name, new Node(name, process, command));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path executable(String wanted) {
    Optional<Path> etcd = Archives.etcd(wanted);
    assumeTrue(etcd.isPresent(), "SKIPPED: no etcd " + wanted + " here; lab/releases makes it");
    return etcd.orElseThrow();
  }

  private Node node(String name) {
    Node node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException("never started: " + name);
    }
    return node;
  }

  private void signal(String member, String signal) {
    Process process = node(member).process;
    if (!process.isAlive()) {
      return;
    }
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void kill(Node node) {
    node.process.destroyForcibly();
    try {
      node.process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String logs() {
    StringBuilder all = new StringBuilder("etcd " + version + "\n");
    for (String name : nodes.keySet()) {
      try {
        List<String> lines = Files.readAllLines(home.resolve(name + ".log"));
        all.append("== ").append(name).append('\n');
        lines
            .subList(Math.max(0, lines.size() - 15), lines.size())
            .forEach(line -> all.append(line).append('\n'));
      } catch (IOException e) {
        all.append(e).append('\n');
      }
    }
    return all.toString();
  }

  private int port(String use) {
    return ports.computeIfAbsent(
        use,
        u -> {
          try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private record Node(String name, Process process, List<String> command) {}
}
