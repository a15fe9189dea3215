package io.quorate.lab.sim;

import io.quorate.common.model.MemberName;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Whoever the cluster belongs to: what is asked of it, and when. */
final class Owner {
  private static final String NAME = "owner";

  private final World world;
  private int unasked;
  private int resumed;
  private int founded;

  Owner(World world) {
    this.world = world;
  }

  /** Whether everything that is going to be asked has been. */
  boolean hasAsked() {
    return unasked == 0;
  }

  int resumed() {
    return resumed;
  }

  /** Nothing is done before it is asked for. */
  void asks(Duration soon, Runnable wish) {
    unasked++;
    world
        .time()
        .after(
            soon,
            () -> {
              unasked--;
              wish.run();
            });
  }

  void declare(ClusterSpec spec) {
    declare(spec, intent -> intent);
  }

  /** A new one, of which the first member has the data, as {@code apply --seed} does. */
  void declare(ClusterSpec spec, Seed seed) {
    List<MemberName> first = List.of(spec.members().getFirst().name());
    declare(
        spec,
        intent ->
            Intents.withFoundation(
                intent,
                new Intent.Foundation(
                    intent.foundation().token(), seed, List.of(), false, 0, first)));
  }

  private void declare(ClusterSpec spec, UnaryOperator<Intent> more) {
    Instant now = world.time().instant();
    world
        .store()
        .clusters()
        .create(
            new Cluster(
                spec.cluster(),
                "first",
                spec,
                more.apply(Intents.declared("token-sim", NAME, now)),
                0,
                false,
                now,
                NAME));
    wake();
  }

  void control(Intent.Mode mode) {
    world.say("the owner says %s".formatted(mode));
    update(c -> c.withIntent(controlled(c.intent(), mode)));
    wake();
  }

  private Intent controlled(Intent intent, Intent.Mode mode) {
    return Intents.withControl(
        intent,
        new Intent.Control(
            mode, NAME, "", List.of(), intent.control().turningBack(), world.time().instant()));
  }

  void restart() {
    update(
        c ->
            c.withIntent(
                Intents.restarted(
                    c.intent(), c.spec().members().stream().map(m -> m.name()).toList())));
    wake();
  }

  void revise(ClusterSpec then) {
    world.say("the owner wants revision %s".formatted(then.version()));
    Instant now = world.time().instant();
    update(
        c ->
            new Cluster(
                c.name(),
                "then",
                then,
                Intents.revised(c.intent(), Optional.of(c.spec()), List.of(), NAME, now),
                c.applied(),
                false,
                now,
                NAME));
    wake();
  }

  /** A failure stays until somebody answers it; the owner does, some time after faults stopped. */
  void resume() {
    resumed++;
    world.say("the owner resumes");
    update(
        c ->
            c.withIntent(
                Intents.withFailure(
                    controlled(c.intent(), Intent.Mode.RUNNING), Optional.empty())));
    wake();
  }

  /** Under a new token, with all data that there is superseded, as the coordinator's desk does. */
  void refound(Seed seed, List<MemberName> founders, long committed) {
    String token = "again-" + ++founded;
    List<String> superseded =
        world.store().documents().of(Scenario.CLUSTER).values().stream()
            .map(i -> i.document().data().lineage())
            .distinct()
            .toList();
    update(
        c -> {
          long id = seed instanceof Seed.Forced ? c.intent().foundation().clusterId() : 0;
          Intent intent =
              Intents.withFoundation(
                  c.intent(),
                  new Intent.Foundation(token, seed, superseded, false, id, founders, committed));
          return c.withIntent(
              Intents.withFailure(
                  Intents.withControl(
                      intent,
                      new Intent.Control(
                          Intent.Mode.RUNNING, NAME, "", List.of(), false, world.time().instant())),
                  Optional.empty()));
        });
    wake();
  }

  private void update(UnaryOperator<Cluster> change) {
    world.store().clusters().update(Scenario.CLUSTER, change);
  }

  private void wake() {
    world.coordinator().ifPresent(SimCoordinator::wake);
  }
}
