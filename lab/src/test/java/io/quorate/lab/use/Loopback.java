package io.quorate.lab.use;

import io.quorate.lab.Commands;
import io.quorate.lab.Ran;
import io.quorate.lab.fleet.Await;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A coordinator, agents with supervised processes, and the command line, from the launchers. */
final class Loopback implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path directory;
  private final int port;
  private final Process coordinator;
  private final List<Process> processes = new ArrayList<>();
  private final Map<String, Process> agents = new HashMap<>();

  Loopback(Path directory) throws IOException {
    this.directory = directory;
    this.port = freePort();
    this.coordinator =
        start(
            "coordinator",
            List.of(
                program("quorate-coordinator"),
                "--data",
                data().toString(),
                "--listen",
                address(),
                "--context-file",
                "none"));
    Await.until(
        "the coordinator answers",
        PATIENCE,
        () -> quorate("host", "list").succeeded(),
        () -> log("coordinator"));
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  Path data() {
    return directory.resolve("coordinator");
  }

  long coordinatorPid() {
    return coordinator.pid();
  }

  /** Everything of a host. */
  Path root(String host) {
    return directory.resolve(host);
  }

  Ran quorate(String... words) {
    return Commands.run(
        Stream.concat(Stream.of(program("quorate")), Stream.of(words)).toList(),
        Map.of("QUORATE_CONTEXT_FILE", data().resolve("operator/contexts.yaml").toString()),
        PATIENCE);
  }

  /** The line that an operator is to paste on the host, as words. */
  List<String> token(String... words) {
    List<String> all = new ArrayList<>(List.of("host", "token"));
    Collections.addAll(all, words);
    return List.of(quorate(all.toArray(String[]::new)).orThrow().split(" "));
  }

  /** Runs such a line on a host. */
  Ran join(String host, List<String> line) {
    return join(host, line, "");
  }

  /** The same with more options for its Java. */
  Ran join(String host, List<String> line, String javaOptions) {
    List<String> command = new ArrayList<>();
    command.add(program("quorate-agent"));
    command.addAll(line.subList(1, line.size()));
    command.addAll(List.of("--root", root(host).toString()));
    return Commands.run(command, Map.of("QUORATE_JAVA_OPTIONS", javaOptions), PATIENCE);
  }

  /** Joins and runs. */
  void agent(String host) throws IOException {
    join(host, token("--host", host)).orThrow();
    agents.put(host, run(host, ""));
    awaitConnected(host);
  }

  /** Runs the agent of a host that has joined; not waited for. */
  Process run(String host, String javaOptions) throws IOException {
    return start(
        host,
        List.of(
            "env",
            "QUORATE_JAVA_OPTIONS=" + javaOptions,
            program("quorate-agent"),
            "--root",
            root(host).toString()));
  }

  void awaitConnected(String host) {
    Await.until(
        host + " is connected", PATIENCE, () -> state(host).equals("connected"), () -> log(host));
  }

  String state(String host) {
    return new JsonObject(quorate("host", "describe", host, "-o", "json").orThrow())
        .getString("state");
  }

  /** Until the host's agent has said it. */
  void awaitLog(String host, String words) {
    Await.until(
        host + " says " + words, PATIENCE, () -> log(host).contains(words), () -> log(host));
  }

  Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private String program(String name) {
    return Commands.checkout().resolve("bin").resolve(name).toString();
  }

  private Process start(String name, List<String> command) throws IOException {
    // Ends with the thread that starts it, and so with this process also when that is killed.
    List<String> all = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.redirectErrorStream(true);
    builder.redirectOutput(directory.resolve(name + ".log").toFile());
    Process process = builder.start();
    process.getOutputStream().close();
    processes.add(process);
    return process;
  }

  String log(String name) {
    try {
      return Files.readString(directory.resolve(name + ".log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Runs etcdctl, of a release that a host has, as a client that the cluster knows. */
  Ran etcdctl(String cluster, String host, int port, String... words) {
    Path client = directory.resolve("client-" + cluster);
    if (!Files.exists(client)) {
      quorate("client-cert", cluster, "--cn", "test", "--out", client.toString()).orThrow();
    }
    List<String> command = new ArrayList<>();
    command.add(etcdctl().toString());
    command.add("--endpoints=https://%s:%d".formatted(host, port));
    command.add("--cacert=" + client.resolve("ca.crt"));
    command.add("--cert=" + client.resolve("client.crt"));
    command.add("--key=" + client.resolve("client.key"));
    Collections.addAll(command, words);
    return Commands.run(command, Map.of(), PATIENCE);
  }

  private Path etcdctl() {
    try (Stream<Path> all = Files.find(directory, 8, (path, facts) -> path.endsWith("etcdctl"))) {
      return all.filter(Files::isRegularFile).findFirst().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The processes of etcd that live under a host's root: agents leave them running. */
  List<ProcessHandle> members(String host) {
    return ProcessHandle.allProcesses()
        .filter(
            p ->
                p.info().command().filter(c -> c.startsWith(root(host) + "/")).isPresent()
                    && p.info().command().filter(c -> c.endsWith("/etcd")).isPresent())
        .toList();
  }

  /** Takes a host away: its agent, and what it runs. */
  void lose(String host) {
    Process agent = Objects.requireNonNull(agents.get(host));
    agent.destroyForcibly();
    try {
      agent.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    members(host).forEach(ProcessHandle::destroyForcibly);
  }

  /** Ends what was started here, and what that has started. */
  @Override
  public void close() {
    endProcesses();
    agents.keySet().forEach(host -> members(host).forEach(ProcessHandle::destroyForcibly));
  }

  private void endProcesses() {
    for (Process process : processes.reversed()) {
      process.destroy();
    }
    for (Process process : processes) {
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
