package io.quorate.coordinator.desk;

import io.quorate.common.model.MemberName;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A new foundation for a cluster that has one: under a new token, so that what belonged to the old
 * one can never join, and with all data that there was superseded by name, so that hosts set it
 * aside.
 */
final class Refounding {
  private Refounding() {}

  static UnaryOperator<Cluster> of(Intent.Foundation foundation) {
    return c -> c.withIntent(Intents.withFoundation(c.intent(), foundation));
  }

  static Intent.Foundation onSnapshot(Office office, Cluster cluster, Seed seed) {
    return new Intent.Foundation(
        token(cluster), seed, superseded(office, cluster), false, 0, List.of());
  }

  /** A forced cluster keeps its id, and one whose recovery is called off has it still. */
  static Intent.Foundation onSurvivor(
      Office office, Cluster cluster, Seed.Forced seed, MemberName survivor, long committed) {
    return new Intent.Foundation(
        token(cluster),
        seed,
        superseded(office, cluster),
        false,
        cluster.intent().foundation().clusterId(),
        List.of(survivor),
        committed);
  }

  private static String token(Cluster cluster) {
    return cluster.name() + "-" + Office.fresh(8);
  }

  private static List<String> superseded(Office office, Cluster cluster) {
    return office.store().documents().of(cluster.name()).values().stream()
        .map(i -> i.document().data().lineage())
        .distinct()
        .toList();
  }
}
