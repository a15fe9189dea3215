package io.quorate.coordinator.rollout;

import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.Optional;

/**
 * Whether what is seen shows that a step led to what it was for; empty where looking cannot tell.
 * So a step that worked keeps its success when something else is refused after it.
 */
final class Achieved {
  private Achieved() {}

  static Optional<Boolean> by(Step step, Situation situation) {
    return switch (step) {
      case Step.Configure configure ->
          Optional.of(
              configure.due().entrySet().stream()
                  .allMatch(e -> done(configure.purpose(), e.getKey(), e.getValue(), situation)));
      case Step.Forget forget ->
          Optional.of(
              situation.seen().placement(forget.member().member(), forget.host()).stream()
                  .allMatch(p -> p.issued().isEmpty()));
      case Step.AddLearner add ->
          listed(situation).map(list -> list.byPeerUrl(add.peerUrl()).isPresent());
      case Step.Promote promote ->
          listed(situation)
              .map(list -> list.byId(promote.id()).filter(m -> !m.learner()).isPresent());
      case Step.RemoveMember remove ->
          listed(situation).map(list -> list.byId(remove.id()).isEmpty());
      case Step.UpdatePeerUrl update ->
          listed(situation).map(list -> list.byPeerUrl(update.peerUrl()).isPresent());
      // It may have gone elsewhere since.
      case Step.MoveLeader move -> Optional.of(true).filter(led -> situation.leads(move.to()));
      case Step.SaveSnapshot save -> Optional.empty();
      case Step.ExportData export -> Optional.empty();
      case Step.Downgrade downgrade -> Optional.empty();
      case Step.Note note -> Optional.of(true);
    };
  }

  /** Empty without a quorum that could list them. */
  private static Optional<EtcdView.MemberList> listed(Situation situation) {
    return situation.seen().etcd().members();
  }

  private static boolean done(
      Step.Purpose purpose, HostName host, MemberConfig document, Situation situation) {
    boolean obeyed =
        situation
            .seen()
            .placement(document.id().member(), host)
            .filter(p -> p.converged() && Situation.document(p).equals(document))
            .isPresent();
    return obeyed && (!toServe(purpose) || situation.well(document.id().member()));
  }

  private static boolean toServe(Step.Purpose purpose) {
    return switch (purpose) {
      case FORM, FORCE, START, RESTART -> true;
      case PREPARE, STAGE, ADJUST, JOIN, STOP, RETIRE, RESTORE, SALVAGE -> false;
    };
  }
}
