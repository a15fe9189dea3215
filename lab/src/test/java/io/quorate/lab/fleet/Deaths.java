package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Deployments during which agents or the coordinator die again and again. */
final class Deaths {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Everything durable that an agent does for a new member, before and after it. */
  static final List<String> POINTS =
      Stream.of(
              "journal",
              "directories",
              "download",
              "unpack",
              "place-release",
              "make-keys",
              "switch-certificates",
              "define-service",
              "write-configuration",
              "switch-release",
              "write-environment",
              "seed",
              "stamp",
              "remember",
              "start",
              "enable")
          .flatMap(step -> Stream.of("before-" + step, "after-" + step))
          .toList();

  private final Fleet fleet;

  Deaths(Fleet fleet) {
    this.fleet = fleet;
  }

  static List<String> everyNth(List<String> all, int n, int from) {
    return IntStream.range(0, all.size()).filter(i -> i % n == from).mapToObj(all::get).toList();
  }

  /** The agent of each host dies at its point of a restore, the coordinator when it has begun. */
  void ofARestore(ClusterFile file, String snapshot, List<String> points) {
    for (int i = 0; i < points.size(); i++) {
      fleet.agent(file.hosts().get(i)).crashAt(List.of(points.get(i)));
    }
    fleet.awaitConnected(file.hosts());
    String cluster = file.cluster();
    fleet
        .quorate("snapshot", "restore", cluster, snapshot, "--confirm=" + cluster, "--detach")
        .orThrow();
    fleet.killCoordinator();
    fleet.startCoordinator();
    Await.until(
        "the restore is done",
        PATIENCE,
        () -> fleet.status(cluster).getJsonObject("rollout") == null,
        () -> Proof.rollout(fleet, file));
    Proof.healthy(fleet, file);
    for (int i = 0; i < points.size(); i++) {
      assertEquals(
          List.of(), fleet.agent(file.hosts().get(i)).notCrashedAt(List.of(points.get(i))));
    }
  }

  static List<String> allBut(String point) {
    return POINTS.stream().filter(one -> !one.equals(point)).toList();
  }

  /** Each of the file's hosts, by its number in it, dies at its points; then all is as if none. */
  void ofAgents(ClusterFile file, IntFunction<List<String>> points) {
    for (int i = 0; i < file.hosts().size(); i++) {
      fleet.agent(file.hosts().get(i)).crashAt(points.apply(i));
    }
    fleet.awaitConnected(file.hosts());
    // An agent that dies over a preflight check fails it; the next attempt finds it alive.
    Await.until(
        "the file is taken",
        PATIENCE,
        () -> fleet.applyDetached(file).succeeded(),
        () -> fleet.applyDetached(file).err());
    // Each death is a start of a JVM, and they come one after the other.
    Await.until(
        file.cluster() + " is deployed",
        PATIENCE.plus(Duration.ofSeconds(20L * points.apply(0).size())),
        () -> deployed(file),
        () -> fleet.quorate("rollout", "status", file.cluster()).out());
    Proof.healthy(fleet, file);
    for (int i = 0; i < file.hosts().size(); i++) {
      AgentService agent = fleet.agent(file.hosts().get(i));
      List<String> wanted = points.apply(i);
      Await.until(
          "the agent of %s has died everywhere".formatted(file.hosts().get(i)),
          PATIENCE,
          () -> agent.notCrashedAt(wanted).isEmpty(),
          () -> agent.notCrashedAt(wanted) + agent.log());
    }
    fleet.awaitConnected(file.hosts());
    eachEffectOnce(file);
  }

  private void eachEffectOnce(ClusterFile file) {
    for (LabHost host : file.hosts()) {
      String unit = "etcd@" + file.cluster();
      assertEquals("0", host.run("systemctl", "show", "-P", "NRestarts", unit).orThrow());
      assertEquals("enabled", host.run("systemctl", "is-enabled", unit).orThrow());
      String started = "journalctl -u %s -o cat | grep -c '^Started '".formatted(unit);
      assertEquals("1", host.run("sh", "-c", started).orThrow(), host + " started etcd");
      assertEquals(
          "etcd-v%s-linux-amd64".formatted(file.version()),
          host.run("sh", "-c", "ls -A /usr/local | grep etcd").orThrow());
      assertEquals(
          "", host.run("sh", "-c", "ls -A /var/lib/quorate-agent/blobs").orThrow(), "left over");
      JsonObject described = fleet.json("host", "describe", host.name());
      assertEquals(0, described.getJsonArray("setAside").size(), described::encodePrettily);
    }
  }

  /**
   * The coordinator dies right after every step of the deployment that it has begun, so between any
   * two of them, and another one goes on; how often that was.
   */
  int ofTheCoordinator(ClusterFile file) {
    fleet.stopCoordinator();
    fleet.startCoordinatorThatDiesAfterSteps();
    fleet.awaitConnected(file.hosts());
    // It may die before it has answered; asked again, it says that it is so already.
    Await.until(
        "the file is taken",
        PATIENCE,
        () -> {
          Ran ran = fleet.applyDetached(file);
          return ran.succeeded() || !fleet.coordinatorRuns();
        },
        () -> fleet.applyDetached(file).err());
    int deaths = 0;
    while (awaitDeath(file)) {
      deaths++;
      fleet.startCoordinatorThatDiesAfterSteps();
    }
    Proof.healthy(fleet, file);
    Proof.succeeded(fleet.apply(file));
    JsonArray steps = fleet.json("rollout", "status", file.cluster()).getJsonArray("steps");
    assertEquals(steps.size(), deaths, steps::encodePrettily);
    fleet.stopCoordinator();
    fleet.startCoordinator();
    return deaths;
  }

  /** False when the deployment has ended instead. */
  private boolean awaitDeath(ClusterFile file) {
    Await.until(
        "the coordinator dies or has deployed " + file.cluster(),
        PATIENCE,
        () -> !fleet.coordinatorRuns() || deployed(file),
        () -> fleet.quorate("rollout", "status", file.cluster()).out());
    return !fleet.coordinatorRuns();
  }

  private boolean deployed(ClusterFile file) {
    Ran ran = fleet.quorate("rollout", "status", file.cluster(), "-o", "json");
    return ran.succeeded() && "done".equals(new JsonObject(ran.out()).getString("state"));
  }
}
