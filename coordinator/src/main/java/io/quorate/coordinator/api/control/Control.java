package io.quorate.coordinator.api.control;

import io.quorate.coordinator.store.Audit;

/** Everything that the API needs, by noun. */
public record Control(
    Fleet fleet,
    Rollouts rollouts,
    Members members,
    HostDesk hosts,
    Catalogue catalogue,
    SnapshotDesk snapshots,
    Activity activity,
    OperatorDesk operators,
    Audit audit) {}
