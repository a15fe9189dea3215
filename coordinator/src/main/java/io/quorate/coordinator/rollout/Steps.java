package io.quorate.coordinator.rollout;

import io.quorate.coordinator.plan.Step;
import java.util.stream.Collectors;

/** Words about steps. */
public final class Steps {
  private Steps() {}

  /** Whom it is about: a member, several, or the cluster (empty). */
  public static String subject(Step step) {
    return switch (step) {
      case Step.Configure configure ->
          configure.documents().values().stream()
              .map(d -> d.id().member().value())
              .collect(Collectors.joining(","));
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
      case Step.Downgrade downgrade -> "enable downgrade";
      case Step.Note note -> note.decided().describe();
    };
  }
}
