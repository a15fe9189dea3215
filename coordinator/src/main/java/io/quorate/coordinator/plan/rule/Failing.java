package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a change of a member has failed, and what follows.
 *
 * <ol>
 *   <li>Its time is counted from when its host was told, or from when somebody last said go on,
 *       whichever is later; it is over at the member deadline, or when the service manager has
 *       given up: a crash loop gets no better by waiting.
 *   <li>Then the rollout goes back when its owner said so, it is this rollout that changed the
 *       member, and no member sees a cluster version that the previous release would refuse.
 *   <li>Otherwise it stops. Past the point of no return the reason says so, and which ways are
 *       left.
 * </ol>
 */
final class Failing {
  /** A report of a service that has failed may be from before the newest document was acted on. */
  private static final Duration REPORTS = Duration.ofSeconds(15);

  private Failing() {}

  /** Since when a placement has had the time to do what it was told. */
  static Instant told(Placement placement, Situation situation) {
    Instant issued = placement.issued().orElseThrow().at();
    Instant control = situation.intent().control().since();
    return issued.isAfter(control) ? issued : control;
  }

  static boolean timeIsUp(Placement placement, Duration passed, Situation situation) {
    return passed.compareTo(situation.wanted().rollout().memberDeadline()) > 0
        || gaveUp(placement, passed);
  }

  /** The service manager has stopped trying; where nothing is to run that tells nothing. */
  static boolean gaveUp(Placement placement, Duration passed) {
    return Situation.document(placement).conduct().run() == MemberConfig.Run.RUNNING
        && Situation.unitState(placement) == HostReport.UnitState.FAILED
        && passed.compareTo(REPORTS) > 0;
  }

  /** Back, or not on. */
  static Decision decide(Placement placement, Hold failed, Situation situation) {
    ClusterSpec.Rollout rollout = situation.wanted().rollout();
    boolean ours =
        !placement.issued().orElseThrow().at().isBefore(situation.intent().control().since());
    Optional<ClusterSpec> previous = situation.intent().previous();
    boolean asked =
        ours
            && rollout.onFailure() == ClusterSpec.OnFailure.ROLLBACK
            && previous.isPresent()
            && !situation.intent().control().turningBack();
    if (!asked) {
      return Rule.fail(failed).orElseThrow();
    }
    return situation
        .pastReturnTo(previous.get().version())
        .map(seen -> Rule.fail(noReturn(failed, seen, previous.get())))
        .orElseGet(() -> Rule.act(new Step.Note(new Step.Decided.TurnedBack(failed.sentence()))))
        .orElseThrow();
  }

  private static Hold noReturn(Hold failed, EtcdVersion seen, ClusterSpec previous) {
    return new Hold(
        Code.Q3206,
        "%s; the cluster is at %s already, which etcd %s refuses: it does not go back by itself"
            .formatted(failed.sentence(), seen.minorText(), previous.version()),
        failed.remedy());
  }
}
