package io.quorate.coordinator.rollout;

import io.quorate.common.model.MemberName;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Store;

/** Names for new members. */
public final class MemberNames {
  private MemberNames() {}

  /**
   * A new identity has a new name: the old one with its number counted up to one that was never
   * used here.
   */
  public static MemberName fresh(Store store, Cluster cluster, MemberName old) {
    String stem = old.value().replaceAll("-?\\d+$", "");
    for (int number = 1; ; number++) {
      MemberName candidate = MemberName.of(stem + "-" + number);
      String word = candidate.value();
      boolean used =
          store.clusters().history(cluster.name()).stream()
              .anyMatch(r -> r.text().matches("(?s).*\\b" + word + "\\b(?!-).*"));
      if (!used && cluster.spec().member(candidate).isEmpty()) {
        return candidate;
      }
    }
  }
}
