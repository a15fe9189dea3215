package io.quorate.lab.sim;

import io.quorate.common.model.HostName;
import io.quorate.coordinator.etcd.model.ModelProcess;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.rollout.ClusterWorker;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One history: a cluster is founded, faults begin, its owner asks for a change, and after a while
 * the faults stop; then everything must come to rest as wanted.
 */
final class Simulation {
  private static final Duration FOUNDING = Duration.ofMinutes(10);
  private static final Duration CONVERGENCE = Duration.ofMinutes(60);
  private static final Duration SETTLED = Duration.ofSeconds(7);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration WRITES = Duration.ofMillis(500);
  private static final String CLIENT = "client";

  private final Scenario scenario;
  private final World world;
  private final Owner owner;
  private Instant calmSince = Instant.MIN;
  private Optional<Instant> doneSince = Optional.empty();
  private long writes;

  /** What came of it; no violations means that all was well. */
  record Result(
      long seed,
      Scenario scenario,
      SimAgent.Kind agents,
      List<String> violations,
      Duration took,
      List<String> trace) {
    boolean well() {
      return violations.isEmpty();
    }
  }

  private Simulation(long seed, Scenario scenario, World.Plan plan, boolean traced) {
    this.scenario = scenario;
    this.world = new World(seed, plan, new Trace(traced));
    this.owner = new Owner(world);
  }

  static Result run(long seed, Scenario scenario, World.Plan plan, boolean traced) {
    Simulation simulation = new Simulation(seed, scenario, plan, traced);
    Instant start = simulation.world.time().instant();
    simulation.live();
    World world = simulation.world;
    return new Result(
        seed,
        scenario,
        plan.agents(),
        world.checks().violations(),
        Duration.between(start, world.time().instant()),
        world.told());
  }

  private void live() {
    ClusterSpec first = scenario.first(world.random());
    ClusterSpec then = scenario.then(first, world.random());
    Weather weather = Weather.of(world.random());
    Faults faults = new Faults(world);
    if (scenario.founds()) {
      world.setWeather(weather);
      faults.begin();
    }
    world.startCoordinator();
    if (scenario == Scenario.SEED) {
      seed(first);
    } else {
      owner.declare(first);
    }
    write();
    if (!scenario.founds()) {
      if (!runUntilDone(FOUNDING)) {
        complain("the cluster was not founded");
        return;
      }
      Optional<ClusterSpec> asked = ask(first, then, weather, faults);
      if (asked.isEmpty()) {
        complain("it could not be asked for");
        return;
      }
      then = asked.get();
    }
    Instant until =
        world.time().instant().plusSeconds(5 + world.random().nextInt(weather.calm() ? 1 : 90));
    run(until, () -> false);
    faults.end();
    calmSince = world.time().instant();
    wake();
    world.say("faults are over");
    if (!runUntilDone(CONVERGENCE)) {
      complain("not done long after faults stopped");
    } else if (scenario == Scenario.DELETE) {
      nothingRuns();
    } else {
      compare(scenario.turnsBack() ? first : then);
    }
    world.checks().atTheEnd();
  }

  // ---- what is asked of a cluster that is there ----

  /** Faults begin with it, or before; what is wanted in the end. */
  private Optional<ClusterSpec> ask(
      ClusterSpec first, ClusterSpec then, Weather weather, Faults faults) {
    Disaster disaster = new Disaster(world, owner);
    if (scenario == Scenario.RECOVER) {
      // Whoever is to be recovered from must be seen first.
      Optional<ClusterSpec> wanted =
          disaster.recover(
              first, (most, so) -> run(world.time().instant().plus(most), so::getAsBoolean));
      world.setWeather(weather);
      faults.begin();
      return wanted;
    }
    String snapshot = scenario == Scenario.RESTORE ? snapshot(disaster) : "";
    world.setWeather(weather);
    if (scenario.losesAHost()) {
      loseTheLast(first);
    }
    faults.begin();
    world.time().pass(Duration.ofMillis(world.random().nextInt(5000)));
    change(then, disaster, snapshot);
    later(first, disaster, snapshot);
    return Optional.of(then);
  }

  /** Of a cluster that goes on after it. */
  private String snapshot(Disaster disaster) {
    String snapshot = disaster.snapshotNow();
    boolean unused =
        run(world.time().instant().plusMillis(1000 + world.random().nextInt(5000)), () -> false);
    return snapshot;
  }

  private void seed(ClusterSpec spec) {
    Disaster disaster = new Disaster(world, owner);
    String snapshot = disaster.someSnapshot();
    world.checks().succession().begins(Disaster.content(snapshot), true);
    owner.declare(spec, disaster.kept(snapshot));
  }

  private void change(ClusterSpec then, Disaster disaster, String snapshot) {
    world.say("the owner asks for %s".formatted(scenario));
    switch (scenario) {
      case DELETE -> owner.control(Intent.Mode.DELETING);
      case RESTART -> owner.restart();
      case RESTORE -> disaster.restore(snapshot);
      default -> owner.revise(then);
    }
  }

  /** What the owner does some time after. */
  private void later(ClusterSpec first, Disaster disaster, String snapshot) {
    Duration soon = Duration.ofMillis(world.random().nextInt(30_000));
    if (scenario.changesMind()) {
      owner.asks(soon, () -> owner.revise(first));
    }
    if (scenario == Scenario.PAUSE) {
      owner.asks(soon, () -> owner.control(Intent.Mode.PAUSED));
      Duration later = soon.plusMillis(world.random().nextInt(60_000));
      owner.asks(later, () -> owner.control(Intent.Mode.RUNNING));
    }
    if (scenario == Scenario.RESTORE && world.random().nextInt(3) == 0) {
      owner.asks(soon, () -> disaster.restore(snapshot));
    }
  }

  private void wake() {
    world.coordinator().ifPresent(SimCoordinator::wake);
  }

  private void loseTheLast(ClusterSpec first) {
    HostName last = first.members().getLast().host();
    world.host(last).loseForGood();
  }

  // ---- time ----

  private void write() {
    boolean unused = world.etcd().write(CLIENT, ++writes);
    world.time().after(WRITES, this::write);
  }

  private boolean runUntilDone(Duration most) {
    return run(world.time().instant().plus(most), this::done);
  }

  private interface Question {
    boolean answered();
  }

  private boolean run(Instant until, Question question) {
    Instant nextResume = world.time().instant().plus(Duration.ofMinutes(2));
    Instant nextLook = world.time().instant();
    while (world.time().step(until) && world.checks().violations().isEmpty()) {
      Instant now = world.time().instant();
      if (now.isBefore(nextLook)) {
        continue;
      }
      nextLook = now.plus(LOOK);
      world.checks().always();
      if (question.answered()) {
        return true;
      }
      if (world.weather().calm() && now.isAfter(nextResume)) {
        nextResume = now.plus(Duration.ofMinutes(2));
        if (refusing()) {
          owner.resume();
        }
      }
    }
    return false;
  }

  private Optional<ClusterWorker.Latest> latest() {
    return world.coordinator().flatMap(SimCoordinator::latest);
  }

  private boolean refusing() {
    return latest().filter(l -> l.decision() instanceof Decision.Refuse).isPresent();
  }

  /** For good: a coordinator that has just started may not have heard of everybody yet. */
  private boolean done() {
    boolean now = owner.hasAsked() && doneNow();
    if (!now) {
      doneSince = Optional.empty();
      return false;
    }
    doneSince = doneSince.or(() -> Optional.of(world.time().instant()));
    return world.time().instant().isAfter(doneSince.get().plus(SETTLED));
  }

  private boolean doneNow() {
    Optional<Cluster> cluster = world.store().clusters().find(Scenario.CLUSTER);
    if (cluster.isEmpty()) {
      return true;
    }
    return latest()
            .filter(l -> l.decision() instanceof Decision.Done)
            .filter(l -> l.view().now().isAfter(calmSince))
            .isPresent()
        && cluster.filter(c -> c.applied() == c.intent().revision()).isPresent();
  }

  // ---- the end ----

  private void complain(String what) {
    if (world.checks().violations().isEmpty()) {
      world
          .checks()
          .violations()
          .add(
              "%s: %s; resumed %d times"
                  .formatted(
                      what,
                      latest().map(l -> l.decision().toString()).orElse("no decision"),
                      owner.resumed()));
    }
  }

  private void nothingRuns() {
    List<String> running =
        world.hosts().values().stream()
            .flatMap(host -> host.agent().process().stream())
            .map(ModelProcess::describe)
            .toList();
    if (!running.isEmpty()) {
      world.checks().violations().add("deleted, but %s run".formatted(running));
    }
  }

  /** The truth against the wish. */
  private void compare(ClusterSpec wanted) {
    Set<String> wish =
        wanted.members().stream()
            .map(m -> m.name() + " " + wanted.version() + " " + m.address())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> truth =
        world.hosts().values().stream()
            .flatMap(host -> host.agent().process().stream())
            .filter(ModelProcess::serving)
            .map(ModelProcess::describe)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!wish.equals(truth)) {
      world
          .checks()
          .violations()
          .add("done, but %s run where %s are wanted".formatted(truth, wish));
    }
    int members = world.etcd().members(world.etcd().servingClusters().getFirst());
    if (members != wanted.members().size()) {
      world.checks().violations().add("done, but etcd lists %d members".formatted(members));
    }
  }
}
