package io.quorate.lab.sim;

import io.quorate.coordinator.etcd.EtcdAdmin;
import io.quorate.coordinator.observe.Accesses;
import io.quorate.coordinator.observe.Agents;
import io.quorate.coordinator.observe.ClusterObserver;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.rollout.ClusterWorker;
import io.quorate.coordinator.rollout.Dispatcher;
import io.quorate.coordinator.store.Snapshots;
import io.quorate.coordinator.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The real worker with its planner, for as long as one coordinator lives. */
final class SimCoordinator {
  private static final Duration SOON = Duration.ofMillis(400);
  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final Duration AFTER_A_BUG = Duration.ofSeconds(2);

  private final World world;
  private final Link link;
  private final ClusterWorker worker;
  private boolean dead;
  private boolean turning;
  private boolean again;
  private int wakes;
  private String said = "";

  SimCoordinator(World world, Store durable) {
    this.world = world;
    Store store = Interruptions.wrap(Store.class, durable, this::strikes);
    long epoch = durable.raiseEpoch();
    this.link = new Link(world, durable, epoch, this::wake);
    Agents agents = Interruptions.wrap(Agents.class, link, this::strikes);
    EtcdAdmin etcd =
        Interruptions.wrap(
            EtcdAdmin.class,
            new ShakyEtcd(world.etcd().admin(World.COORDINATOR), world),
            this::strikes);
    InstantSource clock = world.time();
    Accesses accesses = cluster -> Optional.empty();
    ClusterObserver observer = new ClusterObserver(store, agents, etcd, accesses, clock);
    Dispatcher dispatcher =
        new Dispatcher(
            store,
            agents,
            etcd,
            observer,
            clock,
            new Dispatcher.OperationIds(epoch, () -> epoch + "-" + world.nextNumber()));
    this.worker =
        new ClusterWorker(Scenario.CLUSTER, store, observer, dispatcher, clock, shelf(store));
  }

  /** Every file that was said to be sent is there, and whole. */
  private static Snapshots.Shelf shelf(Store store) {
    return new Snapshots.Shelf() {
      @Override
      public boolean holds(String sha256) {
        return true;
      }

      @Override
      public Snapshots.Snapshot add(Snapshots.Snapshot snapshot, Instant now) {
        Snapshots.Snapshot good = snapshot.withVerified(Optional.of(now));
        store.snapshots().save(good);
        return good;
      }
    };
  }

  private void tell() {
    String now = worker.latest().map(latest -> words(latest.decision())).orElse("gone");
    if (!now.equals(said)) {
      said = now;
      world.say("  > %s".formatted(now));
    }
  }

  private static String words(Decision decision) {
    return switch (decision) {
      case Decision.Act(Step step) -> step.describe();
      case Decision.Wait wait -> "waits: " + codes(wait.holds());
      case Decision.Refuse refuse -> "refuses: " + codes(refuse.reasons());
      case Decision.Done done -> "done";
    };
  }

  /** Without numbers that count up, so that a wait is told once. */
  private static String codes(List<Hold> holds) {
    return holds.stream()
        .map(hold -> hold.code() + " " + hold.sentence().replaceAll("\\d+ (s|min|of)\\b", "…"))
        .collect(Collectors.joining("; "));
  }

  private boolean strikes() {
    return turning && (dead || world.happens(world.weather().coordinatorCrash()));
  }

  Link link() {
    return link;
  }

  Optional<ClusterWorker.Latest> latest() {
    return worker.latest();
  }

  void die() {
    dead = true;
    link.die();
  }

  /** A turn now, unless one is under way; then there is one after it. */
  void wake() {
    int mine = ++wakes;
    world.time().after(Duration.ofMillis(2), () -> turn(mine));
  }

  private void turn(int mine) {
    if (dead || mine != wakes) {
      return;
    }
    if (turning) {
      again = true;
      return;
    }
    turning = true;
    again = false;
    Duration pause;
    try {
      pause =
          switch (worker.turn()) {
            case AT_ONCE -> Duration.ofMillis(1);
            case SOON -> SOON;
            case IDLE, GONE -> IDLE;
          };
      tell();
    } catch (Interruptions.Killed e) {
      world.coordinatorDied(this);
      return;
    } catch (RuntimeException e) {
      world.checks().bug(e);
      pause = AFTER_A_BUG;
    } finally {
      turning = false;
    }
    if (again) {
      wake();
    } else if (mine == wakes) {
      int next = ++wakes;
      world.time().after(pause, () -> turn(next));
    }
  }
}
