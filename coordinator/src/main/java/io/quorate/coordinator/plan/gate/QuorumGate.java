package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What remains must be a quorum of members that are well, counted as the cluster counts its voters.
 * A cluster of one or two has none to spare: its owner must have allowed downtime.
 */
final class QuorumGate implements Gate {
  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    if (!situation.mustServe() || !disrupts(step)) {
      return Optional.empty();
    }
    Optional<Hold> tooMany = toldToStop(step, situation);
    if (tooMany.isPresent()) {
      return tooMany;
    }
    List<MemberName> stopped = situation.stopped(step).stream().filter(situation::votes).toList();
    if (stopped.isEmpty()) {
      return Optional.empty();
    }
    boolean removal = step instanceof Step.RemoveMember;
    int voters = situation.voters().size();
    if (removal && voters == 1) {
      return Optional.of(Hold.of(Code.Q3402, "%s is the last member".formatted(stopped.get(0))));
    }
    long left = situation.wellVotersWithout(stopped);
    int needed = removal ? (voters - 1) / 2 + 1 : situation.quorum();
    if (left >= needed || (!removal && everyOneIsDown(stopped, situation))) {
      return Optional.empty();
    }
    boolean accepted = situation.wanted().policies().allowDowntime() && voters <= 2;
    if (accepted && !removal) {
      return Optional.empty();
    }
    Hold hold =
        voters <= 2 && !removal
            ? new Hold(
                Code.Q3103,
                "a cluster of %d cannot serve while %s restarts".formatted(voters, stopped.get(0)),
                "set allowDowntime: true in its file, or grow it to three first")
            : new Hold(
                Code.Q3102,
                "stopping %s would leave %d well voters where %d are needed"
                    .formatted(stopped.get(0), left, needed),
                "quorate status " + situation.wanted().cluster());
    return Optional.of(hold);
  }

  /**
   * What others were told to do counts as done, since it may be at any time; and what is down now
   * would not come back.
   */
  private static Optional<Hold> toldToStop(Step step, Situation situation) {
    if (!(step instanceof Step.Configure configure)) {
      return Optional.empty();
    }
    List<MemberName> before = situation.toldToStop();
    List<MemberName> now =
        configure.documents().values().stream()
            .filter(d -> d.conduct().run() == MemberConfig.Run.STOPPED)
            .map(d -> d.id().member())
            .filter(m -> situation.votes(m) && !before.contains(m))
            .toList();
    if (now.isEmpty() || before.isEmpty()) {
      return Optional.empty();
    }
    List<MemberName> all = new ArrayList<>(before);
    all.addAll(now);
    long left = situation.wellVotersWithout(all);
    return left >= situation.quorum()
        ? Optional.empty()
        : Optional.of(
            new Hold(
                Code.Q3102,
                "%s was told to stop, and without %s %d well voters would be left where %d are needed"
                    .formatted(before.getFirst(), now.getFirst(), left, situation.quorum()),
                "quorate status " + situation.wanted().cluster()));
  }

  private static boolean disrupts(Step step) {
    return step instanceof Step.Configure
        || step instanceof Step.RemoveMember
        || step instanceof Step.UpdatePeerUrl;
  }

  /** Nothing is lost by stopping what does not answer and does not run as a service. */
  private static boolean everyOneIsDown(List<MemberName> stopped, Situation situation) {
    return stopped.stream().allMatch(situation::down);
  }
}
