package io.quorate.lab.sim;

import io.quorate.agent.boot.Membership;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.etcd.model.ModelEtcd;
import io.quorate.coordinator.etcd.model.VirtualTime;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.store.Hosts;
import io.quorate.coordinator.store.MemoryStore;
import io.quorate.coordinator.store.Releases;
import io.quorate.coordinator.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Hosts, a network, etcd, and a coordinator that may die at any moment and comes back with what its
 * store kept. All of it draws from one source of chance, so a seed is a whole history.
 */
final class World {
  static final String COORDINATOR = "coordinator";
  private static final int HOSTS = 7;

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
  private final Random random;
  private final ModelEtcd etcd;
  private final Store store = new MemoryStore();
  private final Map<HostName, SimHost> hosts = new TreeMap<>();
  private final Map<String, String> blobs = new TreeMap<>();
  private final Map<String, byte[]> files = new TreeMap<>(Scenario.ARCHIVES);
  private final Map<String, Supplier<Membership>> doors = new TreeMap<>();
  private final Plan plan;
  private final Checks checks;
  private final Trace trace;
  private Weather weather = Weather.CALM;
  private @Nullable SimCoordinator coordinator;
  private Instant awayUntil = Instant.MIN;
  private long number;

  /** Which agents there are, and which bug is planted, if any. */
  record Plan(SimAgent.Kind agents, Plant plant) {
    static Plan of(SimAgent.Kind agents) {
      return new Plan(agents, Plant.NONE);
    }
  }

  World(long seed, Plan plan, Trace trace) {
    this.plan = plan;
    this.random = new Random(seed);
    this.trace = trace;
    this.etcd = new ModelEtcd(time, new Random(seed ^ 0x5DEECE66DL));
    this.checks = new Checks(this);
    for (int i = 1; i <= HOSTS; i++) {
      HostName name = Scenario.host(i);
      hosts.put(name, new SimHost(this, name, Scenario.address(i)));
      store
          .hosts()
          .save(
              new Hosts.Host(
                  name,
                  Hosts.State.JOINED,
                  new Hosts.Serials("1", Optional.empty(), List.of()),
                  time.instant(),
                  Optional.empty()));
    }
    Scenario.CATALOGUE.forEach(
        version ->
            store
                .releases()
                .add(
                    new Releases.Entry(
                        Scenario.release(version), new TreeMap<>(), time.instant(), "sim")));
  }

  VirtualTime time() {
    return time;
  }

  Random random() {
    return random;
  }

  RandomGenerator chance() {
    return random;
  }

  ModelEtcd etcd() {
    return etcd;
  }

  Store store() {
    return store;
  }

  Checks checks() {
    return checks;
  }

  /** For whoever replays this history. */
  void say(String text) {
    trace.say(time, text);
  }

  List<String> told() {
    return trace.lines();
  }

  Map<HostName, SimHost> hosts() {
    return hosts;
  }

  SimHost host(HostName name) {
    SimHost host = hosts.get(name);
    if (host == null) {
      throw new IllegalArgumentException("no host " + name);
    }
    return host;
  }

  SimAgent.Kind agents() {
    return plan.agents;
  }

  Plant plant() {
    return plan.plant;
  }

  /** Whether agents ask for the quorum themselves before they stop a voter. */
  boolean floor() {
    return plan.plant.leavesTheFloor();
  }

  /** A recovery was asked for, and its survivor was not told to begin. */
  boolean recovers() {
    return store
        .clusters()
        .find(Scenario.CLUSTER)
        .map(cluster -> cluster.intent().foundation())
        .filter(f -> f.seed() instanceof Seed.Forced && !f.formed())
        .filter(
            f ->
                store.documents().of(Scenario.CLUSTER).values().stream()
                    .map(ClusterView.Issued::document)
                    .noneMatch(
                        d ->
                            d.data().lineage().equals(f.token())
                                && d.conduct().run() == MemberConfig.Run.RUNNING))
        .isPresent();
  }

  /** Files that the coordinator holds, by digest. */
  Map<String, byte[]> files() {
    return files;
  }

  /** What plain agents have packed, by digest. */
  Map<String, String> blobs() {
    return blobs;
  }

  /** Where an agent answers in place of an etcd that is not started yet, by peer URL. */
  Map<String, Supplier<Membership>> doors() {
    return doors;
  }

  Weather weather() {
    return weather;
  }

  void setWeather(Weather weather) {
    this.weather = weather;
  }

  /** No chance is drawn for what cannot happen, so that a calm run is the same in all weathers. */
  boolean happens(double chance) {
    return chance > 0 && random.nextDouble() < chance;
  }

  long nextNumber() {
    return ++number;
  }

  /** Somebody is busy for so long; everybody else goes on. */
  void takeTime(Duration duration) {
    time.pass(duration);
  }

  // ---- the coordinator ----

  Optional<SimCoordinator> coordinator() {
    return Optional.ofNullable(coordinator);
  }

  void startCoordinator() {
    if (time.instant().isBefore(awayUntil)) {
      return;
    }
    if (coordinator == null) {
      say("coordinator starts");
      coordinator = new SimCoordinator(this, store);
      coordinator.wake();
    }
  }

  /** It dies, and is not there again before that, or before faults are over. */
  void keepCoordinatorAway(Duration duration) {
    say("the coordinator stays away for %d s".formatted(duration.toSeconds()));
    awayUntil = time.instant().plus(duration);
    killCoordinator();
    time.after(duration, this::startCoordinator);
  }

  void bringCoordinatorBack() {
    awayUntil = Instant.MIN;
    startCoordinator();
  }

  void killCoordinator() {
    coordinator().ifPresent(this::coordinatorDied);
  }

  void coordinatorDied(SimCoordinator who) {
    who.die();
    if (coordinator == who) {
      say("coordinator dies");
      coordinator = null;
      time.after(Duration.ofMillis(100 + random.nextInt(5000)), this::startCoordinator);
    }
  }

  // ---- the network ----

  /** What was on its way to a host when its power went never arrives. */
  void toHost(HostName host, Consumer<SimHost> message) {
    SimHost machine = host(host);
    int boot = machine.boots();
    carry(
        machine,
        () -> {
          if (machine.boots() == boot) {
            message.accept(machine);
          }
        });
  }

  void toCoordinator(SimHost from, Consumer<Link> message) {
    carry(from, () -> coordinator().ifPresent(c -> message.accept(c.link())));
  }

  private void carry(SimHost host, Runnable message) {
    if (!etcd.network().connects(host.address(), COORDINATOR) || happens(weather.drop())) {
      return;
    }
    deliver(host, message, Duration.ofMillis(1 + random.nextInt(weather.calm() ? 3 : 80)));
    if (happens(weather.twice())) {
      deliver(host, message, Duration.ofMillis(random.nextInt(20_000)));
    }
  }

  private void deliver(SimHost host, Runnable message, Duration delay) {
    time.after(
        delay,
        () -> {
          if (etcd.network().connects(host.address(), COORDINATOR)) {
            message.run();
          }
        });
  }
}
