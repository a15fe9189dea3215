package io.quorate.coordinator.api.noun;

import io.quorate.coordinator.api.control.SnapshotDesk;
import io.quorate.coordinator.api.route.Answer;
import io.quorate.coordinator.api.route.Ask;
import io.quorate.coordinator.api.route.Route;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.api.v1.SnapshotView;
import io.quorate.coordinator.pki.Role;
import java.util.List;

/** Snapshots, restore and recovery. */
public final class SnapshotRoutes {
  private static final long LARGEST = 64L << 30;

  private SnapshotRoutes() {}

  public static List<Route> of(SnapshotDesk desk) {
    return List.of(
        Route.get("/v1/clusters/{cluster}/snapshots")
            .role(Role.VIEWER)
            .summary("The snapshots of a cluster, newest first")
            .gives(SnapshotView.All.class)
            .answers(ask -> Answer.of(new SnapshotView.All(desk.of(ask.cluster())))),
        Route.post("/v1/clusters/{cluster}/snapshots")
            .role(Role.OPERATOR)
            .audited("snapshot save")
            .summary("Save a snapshot; answers when it is saved and its hash verified")
            .gives(SnapshotView.class)
            .answers(ask -> saved(desk.save(ask.cluster(), ask.caller()))),
        Route.post("/v1/clusters/{cluster}/snapshots/{id}/verify")
            .role(Role.OPERATOR)
            .audited("snapshot verify")
            .summary("Check a snapshot's digest and hash, or restore it on trial")
            .query("drill", "boolean", "restore it on trial on a host as well")
            .query("host", "string", "where to; any of the cluster's unless told")
            .gives(SnapshotView.class)
            .answers(
                ask ->
                    saved(
                        desk.verify(
                            ask.cluster(),
                            ask.id(),
                            ask.flag("drill"),
                            ask.text("host"),
                            ask.caller()))),
        Route.post("/v1/clusters/{cluster}/snapshots/file")
            .role(Role.ADMIN)
            .audited("snapshot add")
            .summary("Upload a snapshot from anywhere as the body; its cluster need not exist yet")
            .query("version", "string", "the version of etcd it is of; the cluster's unless told")
            .query("skipHashCheck", "boolean", "take a copy of a db file, which has no hash")
            .gives(SnapshotView.class)
            .receives(
                desk.incoming(),
                LARGEST,
                (ask, file) ->
                    saved(
                        desk.add(
                            ask.cluster(),
                            file,
                            ask.text("version"),
                            ask.flag("skipHashCheck"),
                            ask.caller()))),
        Route.post("/v1/clusters/{cluster}/snapshots/data")
            .role(Role.ADMIN)
            .audited("snapshot add")
            .summary("Have a host make a snapshot out of a data directory that no etcd runs on")
            .takes(Requests.Salvage.class)
            .gives(SnapshotView.class)
            .answers(
                ask ->
                    saved(
                        desk.salvage(
                            ask.cluster(), ask.body(Requests.Salvage.class), ask.caller()))),
        Route.post("/v1/clusters/{cluster}/restore")
            .role(Role.ADMIN)
            .audited("restore")
            .summary("Put a snapshot in place of the cluster's data, on every member")
            .takes(Requests.Restore.class)
            .gives(Changed.class)
            .answers(ask -> restore(desk, ask)),
        Route.get("/v1/clusters/{cluster}/recovery")
            .role(Role.VIEWER)
            .summary("What a recovery without quorum would do, and what it may lose")
            .gives(SnapshotView.Recovery.class)
            .answers(ask -> Answer.of(desk.recovery(ask.cluster()))),
        Route.post("/v1/clusters/{cluster}/recover")
            .role(Role.ADMIN)
            .audited("recover")
            .summary("Make a new cluster from the data of one survivor")
            .takes(Requests.Recover.class)
            .gives(Changed.class)
            .answers(
                ask -> {
                  Requests.Recover request = ask.body(Requests.Recover.class);
                  ask.confirm(request.confirm());
                  return Outcomes.changed(desk.recover(ask.cluster(), request, ask.caller()));
                }));
  }

  private static Answer saved(SnapshotView snapshot) {
    return Answer.of(snapshot, "snapshot " + snapshot.id());
  }

  private static Answer restore(SnapshotDesk desk, Ask ask) {
    Requests.Restore request = ask.body(Requests.Restore.class);
    ask.confirm(request.confirm());
    return Outcomes.changed(desk.restore(ask.cluster(), request, ask.caller()));
  }
}
