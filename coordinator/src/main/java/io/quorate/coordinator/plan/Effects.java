package io.quorate.coordinator.plan;

import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Release;
import io.quorate.coordinator.plan.ClusterView.Issued;
import io.quorate.coordinator.plan.ClusterView.Placement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Predicts what a step leads to when nothing goes wrong: the host converges, etcd obeys, time
 * stands still. Whatever is started counts as started long ago, so that soaking does not hold a
 * preview.
 */
public final class Effects {
  private static final Duration LONG_AGO = Duration.ofDays(1);

  private Effects() {}

  public static ClusterView apply(ClusterView view, Step step) {
    return switch (step) {
      case Step.Configure configure -> configure(view, configure);
      case Step.Forget(HostName host, MemberConfig.Id id) ->
          withPlacements(
              view,
              view.placements().stream()
                  .filter(p -> !(p.host().equals(host) && p.member().equals(id.member())))
                  .toList());
      case Step.SaveSnapshot save ->
          withIntent(
              view,
              Intents.saved(
                  view.intent(), new Intent.SnapshotInfo("predicted", view.now(), 0, 0, true)));
      case Step.ExportData export ->
          withIntent(
              view,
              Intents.exported(
                  view.intent(),
                  new Intent.Exported(
                      export.member(), export.lineage(), "predicted", 0, view.now())));
      case Step.Note(Step.Decided decided) ->
          withIntent(view, Intents.apply(view.intent(), decided, view.now()));
      case Step.AddLearner add -> withEtcd(view, ModelledEtcd.added(view.etcd(), add));
      case Step.Promote promote -> withEtcd(view, ModelledEtcd.promoted(view.etcd(), promote.id()));
      case Step.RemoveMember remove ->
          withEtcd(view, ModelledEtcd.removed(view.etcd(), remove.member(), remove.id()));
      case Step.UpdatePeerUrl update ->
          withEtcd(view, ModelledEtcd.moved(view.etcd(), update.id(), update.peerUrl()));
      case Step.MoveLeader move -> withEtcd(view, ModelledEtcd.led(view.etcd(), move.toId()));
      case Step.Downgrade downgrade ->
          withEtcd(view, ModelledEtcd.downgraded(view.etcd(), downgrade));
    };
  }

  private static ClusterView configure(ClusterView view, Step.Configure configure) {
    List<Placement> placements = new ArrayList<>(view.placements());
    EtcdView etcd = anew(view, configure) ? EtcdView.nothing(view.now()) : view.etcd();
    for (var entry : configure.documents().entrySet()) {
      MemberConfig document = entry.getValue();
      Optional<Placement> before = view.placement(document.id().member(), entry.getKey());
      before.ifPresent(placements::remove);
      Placement after = converged(view, entry.getKey(), document, before);
      placements.add(after);
    }
    for (MemberConfig document : configure.documents().values()) {
      boolean elsewhere =
          placements.stream()
              .anyMatch(
                  p ->
                      p.member().equals(document.id().member())
                          && Situation.runs(p)
                          && !Situation.document(p).equals(document));
      boolean runsOn =
          placementOf(view, document)
              .filter(p -> Situation.runningFingerprint(p).equals(document.fingerprint()))
              .isPresent();
      if (runsOn && document.conduct().run() == MemberConfig.Run.RUNNING) {
        continue;
      }
      if (document.conduct().run() == MemberConfig.Run.RUNNING) {
        etcd = ModelledEtcd.up(etcd, document, view.now().minus(LONG_AGO), founding(view));
      } else if (!elsewhere) {
        etcd = ModelledEtcd.down(etcd, document.id().member(), view.now());
      }
    }
    return withEtcd(withPlacements(view, placements), ModelledEtcd.settled(etcd));
  }

  private static Optional<Placement> placementOf(ClusterView view, MemberConfig document) {
    return view.placements(document.id().member()).stream()
        .filter(Situation::runs)
        .filter(p -> Situation.document(p).endpoints().equals(document.endpoints()))
        .findFirst();
  }

  /** Founders that start together know nobody else. */
  private static boolean anew(ClusterView view, Step.Configure configure) {
    return founding(view)
        && (configure.purpose() == Step.Purpose.FORM || configure.purpose() == Step.Purpose.FORCE);
  }

  private static boolean founding(ClusterView view) {
    return !view.intent().foundation().formed();
  }

  private static boolean setAside(MemberConfig document, String lineage) {
    return document.conduct().run() == MemberConfig.Run.RETIRED
        || document.data().supersedes().contains(lineage);
  }

  private static Placement converged(
      ClusterView view, HostName host, MemberConfig document, Optional<Placement> before) {
    Instant now = view.now();
    String executable = view.catalogue().executable(document.releases().running()).orElse("");
    long generation = before.map(Placement::seenGeneration).orElse(0L) + 1;
    boolean running = document.conduct().run() == MemberConfig.Run.RUNNING;
    String lineage =
        running
            ? document.data().lineage()
            : before
                .flatMap(Placement::report)
                .map(r -> r.data().lineage())
                .filter(there -> !setAside(document, there))
                .orElse("");
    EtcdVersion version = document.releases().running().version();
    HostReport.Member report =
        new HostReport.Member(
            document.id(),
            generation,
            new HostReport.DataState(lineage, "", "", List.of()),
            new HostReport.Unit(
                running ? HostReport.UnitState.RUNNING : HostReport.UnitState.STOPPED,
                running,
                0,
                running
                    ? new HostReport.Running(
                        1,
                        now.minus(LONG_AGO),
                        executable,
                        version.toString(),
                        document.fingerprint())
                    : HostReport.Running.none(),
                HostReport.Failure.none()),
            new HostReport.Ready(
                document.releases().staged().stream().map(Release::sha256).toList(), true),
            List.of(),
            List.of(),
            List.of(),
            "");
    return new Placement(
        document.id().member(),
        host,
        Optional.of(new Issued(document, generation, now.minus(LONG_AGO))),
        generation,
        Optional.of(report));
  }

  private static ClusterView withPlacements(ClusterView v, List<Placement> placements) {
    return new ClusterView(
        v.now(), v.intent(), placements, v.etcd(), v.hosts(), v.catalogue(), v.operations());
  }

  private static ClusterView withEtcd(ClusterView v, EtcdView etcd) {
    return new ClusterView(
        v.now(), v.intent(), v.placements(), etcd, v.hosts(), v.catalogue(), v.operations());
  }

  static ClusterView withIntent(ClusterView v, Intent intent) {
    return new ClusterView(
        v.now(), intent, v.placements(), v.etcd(), v.hosts(), v.catalogue(), v.operations());
  }

  /** The id that a member would get; any will do as long as it is its own. */
  static long predictedId(MemberName name) {
    return 0x9000000000000000L | Integer.toUnsignedLong(name.hashCode());
  }
}
