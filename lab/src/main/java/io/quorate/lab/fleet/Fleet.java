package io.quorate.lab.fleet;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.quorate.lab.Releases;
import io.quorate.lab.WritingClient;
import io.quorate.lab.WritingProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Quorate on a lab: a coordinator in the switch's network, agents on hosts under systemd, and the
 * command line. Everything is done as an operator does it.
 */
public final class Fleet implements AutoCloseable {
  /** Where the coordinator listens. */
  public static final String ADDRESS = "10.77.0.1:7443";

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration TO_START = Duration.ofMinutes(3);

  private final Lab lab;
  private final Path directory;
  private Optional<Process> coordinator = Optional.empty();
  private int writers;

  private Fleet(Lab lab) {
    this.lab = lab;
    this.directory = lab.directory().resolve("fleet");
  }

  /** A coordinator without hosts. */
  public static Fleet start(Lab lab) {
    Fleet fleet = new Fleet(lab);
    try {
      Files.createDirectories(fleet.directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    fleet.startCoordinator();
    return fleet;
  }

  /** A lab of its own, its hosts joined, with these releases at hand; {@link #down} ends it. */
  public static Fleet up(int hosts, String... releases) {
    Fleet fleet = start(Lab.up(hosts));
    fleet.join(fleet.lab.hosts());
    List.of(releases).forEach(fleet::addRelease);
    return fleet;
  }

  /** The coordinator and the lab. */
  public void down() {
    try {
      close();
    } finally {
      lab.close();
    }
  }

  // ---- the coordinator ----

  public void startCoordinator() {
    startCoordinator(Map.of());
  }

  /** It ends as a kill would after each step that it begins, after each of them once. */
  public void startCoordinatorThatDiesAfterSteps() {
    startCoordinator(Map.of("QUORATE_CRASH_AFTER_STEPS", "yes"));
  }

  public boolean coordinatorRuns() {
    return coordinator.filter(Process::isAlive).isPresent();
  }

  private void startCoordinator(Map<String, String> environment) {
    // It stands for a machine of its own: a build beside it must not slow it.
    ProcessBuilder builder =
        lab.process(
            "nice",
            "-n",
            "-10",
            program("quorate-coordinator"),
            "--data",
            data().toString(),
            "--listen",
            ADDRESS,
            "--names",
            "10.77.0.1,coordinator",
            "--context-file",
            "none");
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(coordinatorLog().toFile()));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      coordinator = Optional.of(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Await.until(
        "the coordinator answers",
        TO_START,
        () ->
            (coordinatorRuns() && quorate("host", "list").succeeded())
                || (!environment.isEmpty() && !coordinatorRuns()),
        this::coordinatorTail);
  }

  /** As a power loss would. */
  public void killCoordinator() {
    end(Process::destroyForcibly);
  }

  /** It takes connections and answers nothing, as on a machine that cannot bear its load. */
  public void freezeCoordinator() {
    signalCoordinator("STOP");
  }

  public void thawCoordinator() {
    signalCoordinator("CONT");
  }

  private void signalCoordinator(String signal) {
    String pid = Long.toString(coordinator.orElseThrow().pid());
    lab.run(PATIENCE, "kill", "-s", signal, pid).orThrow();
  }

  /** With SIGTERM. */
  public void stopCoordinator() {
    end(
        process -> {
          process.destroy();
          return process;
        });
  }

  private void end(UnaryOperator<Process> how) {
    try {
      if (coordinator.isPresent() && !how.apply(coordinator.get()).waitFor(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the coordinator does not end: " + coordinatorTail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    coordinator = Optional.empty();
  }

  public Path data() {
    return directory.resolve("coordinator");
  }

  public Path coordinatorLog() {
    return directory.resolve("coordinator.log");
  }

  /** Keeps the present state of the stopped coordinator under a name. */
  public void copyData(String name) {
    lab.run(PATIENCE, "cp", "-a", data().toString(), directory.resolve(name).toString()).orThrow();
  }

  /** As {@code quorate-coordinator restored} does, before the coordinator is started again. */
  public Ran declareRestored() {
    return lab.run(
        PATIENCE, program("quorate-coordinator"), "restored", "--data", data().toString());
  }

  /** Puts a kept state in place of the stopped coordinator's. */
  public void replaceData(String name) {
    lab.run(PATIENCE, "rm", "-rf", data().toString()).orThrow();
    lab.run(PATIENCE, "cp", "-a", directory.resolve(name).toString(), data().toString()).orThrow();
  }

  private String coordinatorTail() {
    return lab.run(Duration.ofSeconds(10), "tail", "-n", "30", coordinatorLog().toString()).out();
  }

  // ---- hosts ----

  /** With a token, as the line of {@code quorate host token} says, then under systemd. */
  public void join(List<LabHost> hosts) {
    for (LabHost host : hosts) {
      String line = quorate("host", "token", "--host", host.name()).orThrow();
      host.run("sh", "-c", line).orThrow();
      agent(host).enable();
    }
    awaitConnected(hosts);
  }

  public void awaitConnected(List<LabHost> hosts) {
    for (LabHost host : hosts) {
      Await.until(
          host + " is connected",
          TO_START,
          () -> json("host", "describe", host.name()).getString("state").equals("connected"),
          () -> agent(host).log());
    }
  }

  /** The agent's service on a host. */
  public AgentService agent(LabHost host) {
    return new AgentService(host);
  }

  // ---- the command line ----

  /** Runs {@code quorate WORDS…} as the first operator. */
  public Ran quorate(String... words) {
    return quorate(PATIENCE, words);
  }

  public Ran quorate(Duration limit, String... words) {
    return lab.run(limit, command(words));
  }

  /** The answer as JSON. */
  public JsonObject json(String... words) {
    List<String> more = new ArrayList<>(List.of(words));
    more.addAll(List.of("-o", "json"));
    Ran ran = quorate(more.toArray(String[]::new));
    // 3 says that the cluster is not well: an answer, too.
    if (ran.exit() != 0 && ran.exit() != 3) {
      ran.orThrow();
    }
    return new JsonObject(ran.out());
  }

  /** Begins {@code quorate WORDS…} without waiting. */
  public Process begin(String... words) {
    try {
      return lab.process(command(words)).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String[] command(String... words) {
    List<String> command = new ArrayList<>();
    command.add("env");
    // Whoever runs this in the background has taught it to ignore Ctrl-C.
    command.add("--default-signal=INT");
    command.add("QUORATE_CONTEXT_FILE=" + data().resolve("operator/contexts.yaml"));
    command.add(program("quorate"));
    command.addAll(List.of(words));
    return command.toArray(String[]::new);
  }

  private String program(String name) {
    return lab.directory().resolve("app/bin").resolve(name).toString();
  }

  // ---- releases and clusters ----

  public void addRelease(String version) {
    quorate("release", "add", Releases.require(version).path().toString()).orThrow();
  }

  /** Where the file lies. */
  public Path write(ClusterFile file) {
    Path path = directory.resolve(file.cluster() + ".yaml");
    try {
      return Files.writeString(path, file.yaml());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Applies and waits until it is done. */
  public Ran apply(ClusterFile file) {
    return quorate("apply", "-f", write(file).toString(), "--yes", "--timeout", "4m");
  }

  /** The same with further words. */
  public Ran applyWith(ClusterFile file, String[] words, String... more) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("apply", "-f", write(file).toString(), "--yes", "--timeout", "4m"));
    command.addAll(List.of(words));
    command.addAll(List.of(more));
    return quorate(command.toArray(String[]::new));
  }

  /** Applies without waiting for the rollout. */
  public Ran applyDetached(ClusterFile file) {
    return quorate("apply", "-f", write(file).toString(), "--yes", "--detach");
  }

  public JsonObject status(String cluster) {
    return json("status", cluster);
  }

  /** The name of the cluster's member on a host. */
  public String memberOn(String cluster, LabHost host) {
    JsonArray members = status(cluster).getJsonArray("members");
    return IntStream.range(0, members.size())
        .mapToObj(members::getJsonObject)
        .filter(m -> host.name().equals(m.getString("host")))
        .map(m -> m.getString("name"))
        .findFirst()
        .orElseThrow();
  }

  /** Credentials of a client of the cluster; made at the first call. */
  public WritingClient.Tls client(String cluster) {
    Path folder = directory.resolve("client-" + cluster);
    if (!Files.exists(folder.resolve("client.crt"))) {
      quorate("client-cert", cluster, "--cn", "lab", "--out", folder.toString()).orThrow();
    }
    return new WritingClient.Tls(
        folder.resolve("ca.crt"), folder.resolve("client.crt"), folder.resolve("client.key"));
  }

  /** Begins to write 100 times a second, under keys of its own. */
  public WritingProcess startWriting(ClusterFile file, boolean retry) {
    return WritingProcess.start(
        lab,
        new WritingClient.Settings(
            file.endpoints(),
            Optional.of(client(file.cluster())),
            100,
            retry,
            "%s-%d".formatted(file.cluster(), writers++)));
  }

  /** Runs etcdctl with the credentials of {@link #client}. */
  public Ran etcdctl(ClusterFile file, String... words) {
    return etcdctlOf(file, file, words);
  }

  /** Runs etcdctl with credentials of one cluster against another. */
  public Ran etcdctlOf(ClusterFile owner, ClusterFile file, String... words) {
    WritingClient.Tls own = client(owner.cluster());
    return etcdctl(
        file, List.of("--cert=" + own.certificate(), "--key=" + own.key()), List.of(words));
  }

  /** The same without a certificate of its own. */
  public Ran strangersEtcdctl(ClusterFile file, String... words) {
    return etcdctl(file, List.of(), List.of(words));
  }

  private Ran etcdctl(ClusterFile file, List<String> credentials, List<String> words) {
    List<String> command = etcdctlCommand(file);
    command.addAll(credentials);
    command.addAll(words);
    return lab.run(Duration.ofSeconds(30), command.toArray(String[]::new));
  }

  /** The program, and how it reaches the cluster; credentials and a verb are to come. */
  private List<String> etcdctlCommand(ClusterFile file) {
    List<String> command = new ArrayList<>();
    command.add(Etcdctl.program(directory));
    command.add("--command-timeout=5s");
    command.add("--cacert=" + client(file.cluster()).authority());
    command.add(
        "--endpoints=" + String.join(",", file.endpoints().stream().map(URI::toString).toList()));
    return command;
  }

  /** Puts so many values of 1 MiB of random bytes. */
  public void fill(ClusterFile file, int values) {
    WritingClient.Tls own = client(file.cluster());
    List<String> command = etcdctlCommand(file);
    command.addAll(List.of("--cert=" + own.certificate(), "--key=" + own.key(), "put"));
    String value = directory.resolve("fill").toString();
    lab.run(
            PATIENCE,
            "sh",
            "-ec",
            "head -c 1048576 /dev/urandom > %1$s; for i in $(seq %2$d); do %3$s fill-$i < %1$s; done"
                .formatted(value, values, String.join(" ", command)))
        .orThrow();
  }

  /** Deletes the cluster, and forgets its clients' credentials. */
  public Ran delete(String cluster) {
    Ran deleted = quorate("delete", cluster, "--confirm=" + cluster, "--timeout", "2m");
    lab.run(PATIENCE, "rm", "-rf", directory.resolve("client-" + cluster).toString()).orThrow();
    return deleted;
  }

  public Lab lab() {
    return lab;
  }

  @Override
  public void close() {
    killCoordinator();
  }
}
