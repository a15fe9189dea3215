package io.quorate.common.model;

/** Where a member's data comes from when its directory does not hold it yet. */
public sealed interface Seed {
  /** etcd makes it: a founding member, or a learner that is sent everything by the leader. */
  record Empty() implements Seed {}

  /** Restored from a snapshot that the coordinator holds. */
  record Snapshot(
      String sha256, long size, long bumpRevision, boolean markCompacted, boolean skipHashCheck)
      implements Seed {}

  /** A whole data directory, exported by the host that had it before. */
  record Copy(String sha256, long size) implements Seed {}

  /** The data that is already there, under this earlier lineage, made a new cluster of one. */
  record Forced(String fromLineage) implements Seed {}
}
