package io.quorate.coordinator.rollout;

import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.Comparator;
import java.util.Locale;

/** Words about steps. */
public final class Steps {
  private Steps() {}

  /** Whom it is about: a member, several, or the cluster (empty). */
  public static String subject(Step step) {
    return switch (step) {
      case Step.Configure configure -> String.join(",", configure.members());
      case Step.Forget forget -> forget.member().member().value();
      case Step.AddLearner add -> add.member().value();
      case Step.Promote promote -> promote.member().value();
      case Step.RemoveMember remove -> remove.member().value();
      case Step.UpdatePeerUrl update -> update.member().value();
      case Step.MoveLeader move -> move.to().value();
      case Step.SaveSnapshot save -> save.from().value();
      case Step.ExportData export -> export.member().value();
      case Step.Downgrade downgrade -> "";
      case Step.Note note -> "";
    };
  }

  /** What it led to, once it is done, with the figures of the last look. */
  static String ledTo(Step step, ClusterWorker.Latest latest) {
    return switch (step) {
      case Step.Configure configure ->
          switch (configure.purpose()) {
            case PREPARE -> "prepared";
            case FORM -> "started together";
            case STAGE -> "release fetched, verified, unpacked";
            case ADJUST -> "changed without a restart";
            case RESTART -> "restarted" + inSync(configure, latest);
            case START -> "started" + inSync(configure, latest);
            case JOIN -> "started as a learner";
            case STOP -> "stopped";
            case RETIRE -> "stopped for good, data set aside";
            case RESTORE -> "snapshot laid down";
            case SALVAGE -> "stopped, its data copied, the copy tried";
            case FORCE -> "started as a cluster of one";
          };
      case Step.Forget forget -> "forgotten on " + forget.host();
      case Step.AddLearner add -> "added as a learner";
      case Step.Promote promote -> "promoted to a voter";
      case Step.RemoveMember remove -> "removed from the cluster";
      case Step.UpdatePeerUrl update -> "known at " + update.peerUrl();
      case Step.MoveLeader move -> "leader now, in place of " + move.from();
      case Step.SaveSnapshot save -> saved(latest);
      case Step.ExportData export -> "data copied off " + export.host();
      case Step.Downgrade downgrade -> "";
      case Step.Note note -> "";
    };
  }

  private static String inSync(Step.Configure configure, ClusterWorker.Latest latest) {
    Situation situation = new Situation(latest.cluster().spec(), latest.view());
    return configure.documents().size() != 1
        ? ""
        : situation
            .lag(configure.documents().firstEntry().getValue().id().member())
            .map(lag -> ", in sync (lag %d)".formatted(lag))
            .orElse("");
  }

  private static String saved(ClusterWorker.Latest latest) {
    return latest.view().intent().snapshots().stream()
        .max(Comparator.comparing(Intent.SnapshotInfo::at))
        .map(
            s ->
                "snapshot of %s%s"
                    .formatted(size(s.sizeBytes()), s.verified() ? ", hash verified" : ""))
        .orElse("");
  }

  private static String size(long bytes) {
    double kib = bytes / 1024.0;
    if (kib < 1024) {
      return String.format(Locale.ROOT, "%.0f KiB", kib);
    }
    return kib < 1024 * 1024
        ? String.format(Locale.ROOT, "%.1f MiB", kib / 1024)
        : String.format(Locale.ROOT, "%.1f GiB", kib / 1024 / 1024);
  }

  /** A few words, for a line of order. */
  public static String label(Step step) {
    String subject = subject(step);
    return switch (step) {
      case Step.Configure configure ->
          switch (configure.purpose()) {
            case PREPARE -> "prepare " + subject;
            case FORM -> "start " + subject;
            case STAGE -> "stage release";
            case ADJUST -> "adjust " + subject;
            case RESTART, START -> subject;
            case JOIN -> "start " + subject;
            case STOP -> "stop " + subject;
            case RETIRE -> "retire " + subject;
            case RESTORE -> "restore";
            case SALVAGE -> "copy " + subject;
            case FORCE -> "force " + subject;
          };
      case Step.Forget forget -> "forget " + subject;
      case Step.AddLearner add -> "+" + subject;
      case Step.Promote promote -> "promote " + subject;
      case Step.RemoveMember remove -> "-" + subject;
      case Step.UpdatePeerUrl update -> "re-address " + subject;
      case Step.MoveLeader move -> "leader to " + subject;
      case Step.SaveSnapshot save -> "snapshot";
      case Step.ExportData export -> "copy " + subject;
      case Step.Downgrade downgrade ->
          downgrade.action() == Step.DowngradeAction.ENABLE
              ? "enable downgrade"
              : "cancel downgrade";
      case Step.Note note -> note.decided().describe();
    };
  }
}
