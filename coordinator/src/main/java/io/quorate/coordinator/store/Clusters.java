package io.quorate.coordinator.store;

import io.quorate.common.model.ClusterName;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The clusters: what their owners declared, and what has been decided about them. */
public interface Clusters {
  List<Cluster> list();

  Optional<Cluster> find(ClusterName name);

  /** Creates a cluster; refuses with Q1304 when there is one of that name. */
  void create(Cluster cluster);

  /**
   * Reads, changes and writes in one transaction; the change may refuse by throwing, then nothing
   * is written. A change of revision also lands in the history.
   */
  Cluster update(ClusterName name, UnaryOperator<Cluster> change);

  /** Forgets a cluster; its history, journal and audit stay. */
  void delete(ClusterName name);

  /** Newest first. */
  List<Revision> history(ClusterName name);

  /**
   * The text is the owner's file, the spec what was read from it. {@code applied} is the newest
   * revision that was reached; deleting means that its members are being stopped and set aside.
   */
  record Cluster(
      ClusterName name,
      String text,
      ClusterSpec spec,
      Intent intent,
      long applied,
      boolean deleting,
      Instant changed,
      String by) {
    public Cluster withIntent(Intent other) {
      return new Cluster(name, text, spec, other, applied, deleting, changed, by);
    }

    public Cluster withApplied(long revision) {
      return new Cluster(name, text, spec, intent, revision, deleting, changed, by);
    }
  }

  record Revision(long revision, String text, Instant at, String by) {}
}
