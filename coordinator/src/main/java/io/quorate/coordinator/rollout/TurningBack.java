package io.quorate.coordinator.rollout;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.spec.SpecFile;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Clusters.Revision;
import io.quorate.coordinator.store.Journal.Rollout;
import io.quorate.coordinator.store.Journal.RolloutState;
import io.quorate.coordinator.store.Store;
import java.time.Instant;
import java.util.Optional;

/**
 * Going back is a new desired state, through the same gates: the text of the revision that was last
 * reached. The rollout that is given up ends as it was (failed, or aborted by somebody), and the
 * way back is one of its own.
 */
public final class TurningBack {
  private TurningBack() {}

  /** Why, and who says so. */
  public record Cause(String reason, String by, boolean failed) {}

  /** Refuses when nothing was ever reached. */
  public static void to(Store store, Cluster cluster, Cause cause, Instant now) {
    Revision reached =
        store.clusters().history(cluster.name()).stream()
            .filter(r -> r.revision() == cluster.applied())
            .findFirst()
            .orElseThrow(
                () ->
                    Problem.of(
                            Code.Q1306,
                            "%s has no earlier revision to go back to".formatted(cluster.name()))
                        .withState("nothing was changed")
                        .asException());
    ClusterSpec spec =
        cluster
            .intent()
            .previous()
            .orElseGet(() -> SpecFile.require(reached.text(), cluster.name() + ".yaml"));
    Cluster after =
        store
            .clusters()
            .update(
                cluster.name(),
                c ->
                    new Cluster(
                        c.name(),
                        reached.text(),
                        spec,
                        Intents.turnedBack(c.intent(), cause.reason(), now),
                        c.applied(),
                        c.deleting(),
                        now,
                        cause.by()));
    store
        .journal()
        .open(cluster.name())
        .ifPresent(
            r ->
                EndedRollout.end(
                    store, r, cause.failed() ? RolloutState.FAILED : RolloutState.ABORTED, now));
    long unused =
        store
            .journal()
            .begin(
                new Rollout(
                    0,
                    cluster.name(),
                    "Go back %s to revision %d (%s)"
                        .formatted(cluster.name(), cluster.applied(), after.spec().version()),
                    cluster.intent().revision(),
                    after.intent().revision(),
                    RolloutState.RUNNING,
                    now,
                    Optional.empty(),
                    cause.by(),
                    0));
  }
}
