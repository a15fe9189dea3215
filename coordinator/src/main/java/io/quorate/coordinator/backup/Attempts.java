package io.quorate.coordinator.backup;

import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Operations.Sent;
import io.quorate.coordinator.store.Snapshots;
import io.quorate.coordinator.store.Store;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What has been tried to save snapshots of one cluster, read off the store. */
public record Attempts(Optional<Instant> lastGood, List<Sent> saves) {
  public Attempts {
    saves = List.copyOf(saves);
  }

  public static Attempts of(Store store, Cluster cluster) {
    return new Attempts(
        store.snapshots().list(cluster.name()).stream()
            .filter(s -> s.verified().isPresent())
            .filter(s -> s.origin().clusterId() == cluster.intent().foundation().clusterId())
            .map(Snapshots.Snapshot::at)
            .max(Comparator.naturalOrder()),
        store.operations().of(cluster.name()).stream()
            .filter(o -> o.operation().task() instanceof Operation.SaveSnapshot)
            .toList());
  }

  /** One is under way. */
  public boolean saving(Instant now) {
    return saves.stream()
        .anyMatch(s -> s.outcome().isEmpty() && s.operation().expires().isAfter(now));
  }

  /** The last one that came to nothing, when none has come to anything since. */
  public Optional<Sent> failed(Instant now) {
    return saves.stream()
        .filter(s -> cameToNothing(s, now))
        .max(Comparator.comparing(Sent::at))
        .filter(s -> lastGood.filter(good -> good.isAfter(s.at())).isEmpty());
  }

  static boolean cameToNothing(Sent sent, Instant now) {
    return sent.outcome().map(o -> !o.succeeded()).orElse(!sent.operation().expires().isAfter(now));
  }

  /** Why, in the host's words. */
  public static String reason(Sent sent) {
    return sent.outcome().map(OperationOutcome::sentence).orElse("it had no outcome in time");
  }
}
