package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.Optional;

/**
 * Where etcd asks who is there, it must know Quorate before anything is begun: a change would get
 * stuck half-way, at the first snapshot or at the leader.
 */
public final class LoginGate implements Gate {
  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    boolean matters =
        !situation.stopped(step).isEmpty()
            || switch (step) {
              case Step.MoveLeader move -> true;
              case Step.SaveSnapshot save -> true;
              case Step.AddLearner add -> true;
              case Step.Promote promote -> true;
              case Step.RemoveMember remove -> true;
              case Step.UpdatePeerUrl update -> true;
              case Step.Downgrade downgrade -> true;
              case Step.Configure configure -> false;
              case Step.Forget forget -> false;
              case Step.ExportData export -> false;
              case Step.Note note -> false;
            };
    return matters && situation.mustServe() ? stranger(situation.seen().etcd()) : Optional.empty();
  }

  /** Why etcd does nothing for the coordinator, if so. */
  public static Optional<Hold> stranger(EtcdView etcd) {
    return etcd.login() == EtcdView.Login.REFUSED
        ? Optional.of(
            new Hold(
                Code.Q3026,
                "etcd's own authentication is enabled and has no user quorate-coordinator with the"
                    + " role root",
                "etcdctl user add quorate-coordinator --no-password; etcdctl user grant-role"
                    + " quorate-coordinator root; and the same for quorate-agent"))
        : Optional.empty();
  }
}
