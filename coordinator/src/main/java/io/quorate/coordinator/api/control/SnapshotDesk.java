package io.quorate.coordinator.api.control;

import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.api.v1.SnapshotView;
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

  /** The name was already confirmed. */
  Changed restore(String cluster, Requests.Restore request, Caller by);

  SnapshotView.Recovery recovery(String cluster);

  /** The name was already confirmed. */
  Changed recover(String cluster, Requests.Recover request, Caller by);
}
