package io.quorate.coordinator.rollout;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Clusters.Revision;
import io.quorate.coordinator.store.Store;
import java.time.Instant;

/**
 * Going back is a new desired state, through the same gates: the text of the revision that was last
 * reached.
 */
public final class TurningBack {
  private TurningBack() {}

  /** Refuses when nothing was ever reached. */
  public static void to(Store store, Cluster cluster, String reason, Instant now) {
    Revision reached =
        store.clusters().history(cluster.name()).stream()
            .filter(r -> r.revision() == cluster.applied())
            .findFirst()
            .orElseThrow(
                () ->
                    Problem.of(
                            Code.Q1306,
                            "%s has no earlier revision to go back to".formatted(cluster.name()))
                        .asException());
    store
        .clusters()
        .update(
            cluster.name(),
            c ->
                new Cluster(
                    c.name(),
                    reached.text(),
                    c.intent()
                        .previous()
                        .orElseThrow(
                            () ->
                                Problem.of(
                                        Code.Q1306,
                                        "%s is not on its way anywhere".formatted(c.name()))
                                    .asException()),
                    Intents.turnedBack(c.intent(), reason, now),
                    c.applied(),
                    c.deleting(),
                    now,
                    "quorate"));
  }
}
