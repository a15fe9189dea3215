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

  static Intent.Foundation foundation(
      Office office, Cluster cluster, Seed seed, List<MemberName> founders) {
    List<String> superseded =
        office.store().documents().of(cluster.name()).values().stream()
            .map(i -> i.document().data().lineage())
            .distinct()
            .toList();
    String token = cluster.name() + "-" + Office.fresh(8);
    return new Intent.Foundation(token, seed, superseded, false, 0, founders);
  }
}
