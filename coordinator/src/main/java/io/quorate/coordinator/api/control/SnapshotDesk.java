package io.quorate.coordinator.api.control;

import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.api.v1.SnapshotView;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Snapshots, and the two ways back from disaster. */
public interface SnapshotDesk {
  List<SnapshotView> of(String cluster);

  /** Returns when it is saved and its hash verified. */
  SnapshotView save(String cluster, Caller by);

  /**
   * Checks the file's digest and hash; with a drill it is also restored on trial, on that host or
   * any of the cluster's.
   */
  SnapshotView verify(
      String cluster, String snapshot, boolean drill, Optional<String> host, Caller by);

  /** Where files may be written that are then added. */
  Path incoming();

  /**
   * A file from anywhere; its cluster need not exist yet. The version is the cluster's by default.
   */
  SnapshotView add(
      String cluster, Path file, Optional<String> version, boolean skipHashCheck, Caller by);

  /** One that a host makes out of a data directory that no etcd runs on. */
  SnapshotView salvage(String cluster, Requests.Salvage request, Caller by);

  /** The name was already confirmed. */
  Changed restore(String cluster, Requests.Restore request, Caller by);

  SnapshotView.Recovery recovery(String cluster);

  /** The name was already confirmed. */
  Changed recover(String cluster, Requests.Recover request, Caller by);
}
