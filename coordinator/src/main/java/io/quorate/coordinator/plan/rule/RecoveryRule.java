package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.plan.Anew;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.plan.Survivors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A recovery, until its survivor is told to become a cluster of its own. Up to then, those that
 * were lost may come back, serve, and acknowledge what the survivor does not have: the coordinator
 * may have been away just then.
 *
 * <ol>
 *   <li>All but the survivor are told to stop before anything is waited for, and so before any of
 *       them that comes back is told anything.
 *   <li>When the cluster has its quorum after all, or had it meanwhile, the recovery is called off;
 *       and when its owner aborts it. Hosts that were told to stop for it keep a quorum that they
 *       see, so that there still is one by then.
 *   <li>Then all whom it stopped are told to run again, on the data that they had.
 *   <li>Once the survivor was told to begin, nothing of this holds any more.
 * </ol>
 *
 * This comes before waiting for hosts to converge: they do not, when they keep a quorum.
 */
final class RecoveryRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    Intent intent = situation.intent();
    boolean goesOn = intent.control().mode() == Intent.Mode.RUNNING && intent.failure().isEmpty();
    if (situation.formed()) {
      return goesOn ? runAgain(situation) : Optional.empty();
    }
    if (!(intent.foundation().seed() instanceof Seed.Forced) || Anew.isForced(situation)) {
      return Optional.empty();
    }
    return switch (intent.control().mode()) {
      case PAUSED, DELETING -> Optional.empty();
      case RUNNING ->
          notNeeded(situation).or(() -> goesOn ? FoundingRule.fence(situation) : Optional.empty());
      case ABORTED -> notNeeded(situation).or(() -> asItWas(intent, "its owner aborted it"));
    };
  }

  private static Optional<Decision> notNeeded(Situation situation) {
    return situation
        .seen()
        .etcd()
        .members()
        .map(EtcdView.MemberList::clusterId)
        .flatMap(
            id -> Rule.act(new Step.Note(new Step.Decided.CalledOff(id, "the quorum is back"))))
        .or(() -> quorumWasBack(situation))
        .or(() -> goneOn(situation));
  }

  /** And is gone again: nobody commits anything without one. */
  private static Optional<Decision> quorumWasBack(Situation situation) {
    Intent intent = situation.intent();
    long committed = intent.foundation().committed();
    return Survivors.ranked(situation).stream()
        .filter(e -> committed > 0 && Survivors.raft(e).index() > committed)
        .findFirst()
        .flatMap(
            e ->
                asItWas(
                    intent, "the quorum was back meanwhile, as %s tells".formatted(e.member())));
  }

  /** A host has started its member again while nobody could tell it of the recovery. */
  private static Optional<Decision> goneOn(Situation situation) {
    return situation.seen().placements().stream()
        .filter(p -> p.issued().isPresent())
        .filter(p -> Situation.document(p).conduct().mindsRecovery())
        .filter(p -> p.report().stream().anyMatch(RecoveryRule::saysSo))
        .findFirst()
        .flatMap(
            p ->
                asItWas(
                    situation.intent(),
                    "%s was started meanwhile without the coordinator".formatted(p.member())));
  }

  private static boolean saysSo(HostReport.Member report) {
    return report.problems().stream().anyMatch(t -> t.code() == Code.Q2026);
  }

  /** A cluster that had not formed yet when it was to be recovered has nothing to go back to. */
  private static Optional<Decision> asItWas(Intent intent, String why) {
    long id = intent.foundation().clusterId();
    return id == 0
        ? Optional.empty()
        : Rule.act(new Step.Note(new Step.Decided.CalledOff(id, why)));
  }

  private static Optional<Decision> runAgain(Situation situation) {
    SortedMap<HostName, MemberConfig> again = new TreeMap<>();
    Anew.fencedForARecovery(situation)
        .forEach(
            (host, document) -> {
              if (situation.connected(host)) {
                again.put(host, asItWas(document));
              }
            });
    return again.isEmpty()
        ? Optional.empty()
        : Rule.act(new Step.Configure(Step.Purpose.START, again));
  }

  private static MemberConfig asItWas(MemberConfig document) {
    MemberConfig running = Anew.keeping(document).withRun(MemberConfig.Run.RUNNING);
    if (!(document.data().seed() instanceof Seed.Forced(String lineage))) {
      return running;
    }
    List<String> superseded = new ArrayList<>(document.data().supersedes());
    superseded.remove(lineage);
    return running.withData(new MemberConfig.Data(lineage, new Seed.Empty(), superseded));
  }
}
