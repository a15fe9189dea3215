package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.ClusterName;
import io.quorate.coordinator.observe.Agents;
import io.quorate.coordinator.observe.ClusterObserver;
import io.quorate.coordinator.rollout.ClusterWorker.Latest;
import io.quorate.coordinator.rollout.Workers;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Store;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;

/** What every desk works with. */
public record Office(
    Store store, Workers workers, ClusterObserver observer, Agents agents, InstantSource clock) {
  private static final SecureRandom RANDOM = new SecureRandom();

  Instant now() {
    return clock.instant();
  }

  Cluster cluster(String name) {
    ClusterName legal = ClusterName.of(name);
    return store
        .clusters()
        .find(legal)
        .orElseThrow(
            () ->
                Problem.of(Code.Q1303, "there is no cluster " + legal)
                    .withRemedy("quorate status")
                    .asException());
  }

  /** The worker's last look, or one of our own when it has not looked yet. */
  Latest latest(Cluster cluster) {
    return workers
        .latest(cluster.name())
        .filter(l -> l.cluster().intent().revision() == cluster.intent().revision())
        .orElseGet(
            () ->
                new Latest(
                    cluster,
                    observer.view(cluster.spec(), cluster.intent()),
                    new io.quorate.coordinator.plan.Decision.Done(),
                    java.util.Optional.empty(),
                    now()));
  }

  public static String fresh(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
