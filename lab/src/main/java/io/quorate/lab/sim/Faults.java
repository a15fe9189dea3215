package io.quorate.lab.sim;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Blows from outside, for as long as the weather lasts. */
final class Faults {
  private final World world;
  private boolean over;

  Faults(World world) {
    this.world = world;
  }

  void begin() {
    if (!world.weather().pause().isZero()) {
      next();
    }
  }

  /** From now on nothing new goes wrong, and what went wrong is put right. */
  void end() {
    over = true;
    world.setWeather(Weather.CALM);
    world.etcd().network().mendAll();
    world.hosts().values().forEach(SimHost::settle);
    world.hosts().values().stream()
        .flatMap(host -> host.agent().process().stream())
        .forEach(process -> world.etcd().freeze(process, false));
    world.bringCoordinatorBack();
  }

  private void next() {
    Random random = world.random();
    long mean = world.weather().pause().toMillis();
    world
        .time()
        .after(
            Duration.ofMillis((long) (-Math.log(1 - random.nextDouble()) * mean)),
            () -> {
              if (!over) {
                strike(random);
                next();
              }
            });
  }

  private void strike(Random random) {
    List<SimHost> hosts = List.copyOf(world.hosts().values());
    SimHost host = hosts.get(random.nextInt(5));
    SimHost other = hosts.get(random.nextInt(5));
    switch (random.nextInt(9)) {
      case 0 -> world.killCoordinator();
      case 1 -> host.killAgent();
      case 2 -> {
        world.say("%s: etcd is killed".formatted(host.name()));
        host.agent().killProcess();
      }
      case 3 -> {
        host.losePower();
        later(random, 30_000, host::boot);
      }
      case 4 -> cut(random, host.address(), other.address());
      case 5 -> cut(random, host.address(), World.COORDINATOR);
      case 6 -> hosts.forEach(h -> cut(random, host.address(), h.address()));
      case 7 -> {
        world.say("leaders fall");
        world.etcd().disturbLeaders();
      }
      default -> freeze(random, host);
    }
    if (world.happens(world.weather().slow())) {
      host.setSlow(true);
      later(random, 20_000, () -> host.setSlow(false));
    }
  }

  private void cut(Random random, String one, String other) {
    if (!one.equals(other)) {
      world.say("cut between %s and %s".formatted(one, other));
      world.etcd().network().cut(one, other);
      later(random, 20_000, () -> world.etcd().network().mend(one, other));
    }
  }

  private void freeze(Random random, SimHost host) {
    host.agent()
        .process()
        .ifPresent(
            process -> {
              world.say("%s: etcd freezes".formatted(host.name()));
              world.etcd().freeze(process, true);
              later(random, 10_000, () -> world.etcd().freeze(process, false));
            });
  }

  private void later(Random random, int most, Runnable action) {
    world.time().after(Duration.ofMillis(500 + random.nextInt(most)), action);
  }
}
