package io.quorate.lab.sim;

import io.quorate.agent.host.Sha256;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.etcd.model.ModelProcess;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Survivors;
import io.quorate.coordinator.spec.ClusterSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The ways in which a cluster begins anew: what befalls it before, what its owner asks for then,
 * and what comes at the wrong time.
 */
final class Disaster {
  private static final Duration NOTICED = Duration.ofMinutes(2);

  private final World world;
  private final Owner owner;
  private final RandomGenerator random;

  /** Time that passes, under everybody's eyes, until something is so. */
  interface Passing {
    boolean until(Duration most, java.util.function.BooleanSupplier so);
  }

  Disaster(World world, Owner owner) {
    this.world = world;
    this.owner = owner;
    this.random = world.chance();
  }

  private boolean passes(Passing passing, int millis) {
    return passing.until(Duration.ofMillis(millis), () -> false);
  }

  // ---- from a snapshot ----

  /** A snapshot that was taken elsewhere. */
  String someSnapshot() {
    return random
        .longs(random.nextInt(20), 1_000_000, 2_000_000)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(","));
  }

  String snapshotNow() {
    return processes().stream()
        .filter(ModelProcess::serving)
        .findFirst()
        .map(world.etcd()::snapshot)
        .orElse("");
  }

  /** Kept where agents can fetch it. */
  Seed.Snapshot kept(String snapshot) {
    String sha256 = Sha256.of(snapshot);
    byte[] bytes = snapshot.getBytes(StandardCharsets.UTF_8);
    world.blobs().put(sha256, snapshot);
    world.files().put(sha256, bytes);
    return new Seed.Snapshot(sha256, bytes.length, 0, false, false);
  }

  void restore(String snapshot) {
    world.say("the owner restores %s".formatted(snapshot));
    world.checks().succession().begins(content(snapshot), true);
    owner.refound(kept(snapshot), List.of(), 0);
  }

  static List<Long> content(String snapshot) {
    return snapshot.isEmpty()
        ? List.of()
        : Arrays.stream(snapshot.split(",", -1)).map(Long::parseLong).toList();
  }

  private List<ModelProcess> processes() {
    return world.hosts().values().stream()
        .flatMap(host -> host.agent().process().stream())
        .toList();
  }

  // ---- from a survivor ----

  /**
   * A majority loses its power, perhaps while a member is behind; some for good, and the others
   * come back when it suits nobody. What the owner wants in the end; empty when it went wrong.
   */
  Optional<ClusterSpec> recover(ClusterSpec spec, Passing passing) {
    List<ClusterSpec.Member> members = new ArrayList<>(spec.members());
    Collections.shuffle(members, world.random());
    int majority = members.size() / 2 + 1;
    List<SimHost> dying = hosts(members.subList(0, majority));
    List<SimHost> surviving = hosts(members.subList(majority, members.size()));
    if (random.nextBoolean()) {
      fallBehind(surviving.getFirst(), passing);
    }
    world.say("a majority loses power");
    dying.forEach(SimHost::loseForGood);
    world.etcd().network().mendAll();
    if (!passing.until(NOTICED, () -> seen(surviving.size()))) {
      return Optional.empty();
    }
    EtcdView.Endpoint survivor = choose(surviving);
    forceFrom(survivor.member(), spec);
    if (random.nextInt(4) == 0) {
      allBehindItsBack(dying, host(survivor.member()));
      return Optional.of(spec);
    }
    if (random.nextInt(3) == 0) {
      Duration away = Duration.ofMillis(40_000 + random.nextInt(80_000));
      owner.asks(Duration.ofMillis(random.nextInt(20_000)), () -> world.keepCoordinatorAway(away));
    }
    int forever = random.nextInt(Math.min(dying.size(), 2) + 1);
    dying.subList(forever, dying.size()).forEach(this::comesBack);
    if (forever == 0) {
      return Optional.of(spec);
    }
    TreeSet<HostName> gone =
        dying.subList(0, forever).stream()
            .map(SimHost::name)
            .collect(Collectors.toCollection(TreeSet::new));
    ClusterSpec then = Scenario.without(gone, spec);
    owner.asks(Duration.ofMillis(random.nextInt(60_000)), () -> owner.revise(then));
    return Optional.of(then);
  }

  /**
   * The coordinator goes away at once, and all that were lost come back before it: they serve, and
   * go on without the survivor.
   */
  private void allBehindItsBack(List<SimHost> dying, SimHost survivor) {
    owner.asks(
        Duration.ofMillis(random.nextInt(1000)),
        () -> world.keepCoordinatorAway(Duration.ofMillis(50_000 + random.nextInt(50_000))));
    for (SimHost host : dying) {
      owner.asks(Duration.ofMillis(1000 + random.nextInt(3000)), host::comeBack);
    }
    Duration alone = Duration.ofMillis(36_000 + random.nextInt(12_000));
    owner.asks(alone, () -> cutOff(survivor));
    owner.asks(alone.plusMillis(5000 + random.nextInt(60_000)), world.etcd().network()::mendAll);
  }

  private void cutOff(SimHost host) {
    world.hosts().values().stream()
        .filter(other -> other != host)
        .forEach(other -> world.etcd().network().cut(host.address(), other.address()));
  }

  private List<SimHost> hosts(List<ClusterSpec.Member> members) {
    return members.stream().map(m -> world.host(m.host())).toList();
  }

  private void fallBehind(SimHost host, Passing passing) {
    world.say("%s falls behind".formatted(host.name()));
    cutOff(host);
    boolean unused = passes(passing, 3000 + random.nextInt(5000));
  }

  private Optional<Situation> situation() {
    return world
        .coordinator()
        .flatMap(SimCoordinator::latest)
        .map(latest -> new Situation(latest.cluster().spec(), latest.view()));
  }

  /** What {@code quorate recover} wants to see: no quorum, and whoever is left. */
  private boolean seen(int survivors) {
    return situation()
        .filter(s -> s.seen().etcd().members().isEmpty())
        .filter(s -> Survivors.ranked(s).size() == survivors)
        .isPresent();
  }

  /** The best, or one that is named. */
  private EtcdView.Endpoint choose(List<SimHost> surviving) {
    List<EtcdView.Endpoint> ranked = Survivors.ranked(situation().orElseThrow());
    int most = surviving.stream().mapToInt(h -> held(h).size()).max().orElse(0);
    if (held(host(ranked.getFirst().member())).size() < most) {
      world.checks().found("%s is not the best survivor".formatted(ranked.getFirst().member()));
    }
    return random.nextInt(4) == 0 ? ranked.get(random.nextInt(ranked.size())) : ranked.getFirst();
  }

  private SimHost host(MemberName member) {
    return world.host(
        Objects.requireNonNull(
            situation().orElseThrow().seen().placements(member).getFirst().host()));
  }

  private static List<Long> held(SimHost host) {
    return host.agent().process().map(ModelProcess::held).orElse(List.of());
  }

  private void forceFrom(MemberName survivor, ClusterSpec spec) {
    world.say("the owner recovers %s from %s".formatted(spec.cluster(), survivor));
    world.checks().succession().begins(held(host(survivor)), false);
    Situation situation = situation().orElseThrow();
    String lineage = Survivors.lineage(survivor, situation).orElseThrow();
    long committed =
        Survivors.ranked(situation).stream()
            .mapToLong(e -> Survivors.raft(e).index())
            .max()
            .orElseThrow();
    owner.refound(new Seed.Forced(lineage), List.of(survivor), committed);
  }

  /** Soon, so that it comes between any two steps; or late. */
  private void comesBack(SimHost host) {
    int most = List.of(2_000, 20_000, 120_000).get(random.nextInt(3));
    owner.asks(Duration.ofMillis(random.nextInt(most)), host::comeBack);
  }
}
