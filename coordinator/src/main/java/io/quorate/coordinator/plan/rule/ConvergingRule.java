package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Release;
import io.quorate.coordinator.plan.Anew;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Diagnosis;
import io.quorate.coordinator.plan.Documents;
import io.quorate.coordinator.plan.Due;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Nothing new begins while a host is still doing what it was last told; this is what keeps a
 * coordinator that was killed in mid-step, and restarted, from touching a second member.
 *
 * <ol>
 *   <li>A host that is connected and has not converged is waited for; a disconnected one too, as
 *       long as its member is still wanted there. A departed member on a dead host holds nobody up,
 *       and a learner that was told to start is {@link LearnerRule}'s to wait for: it has no vote.
 *   <li>A host that says why it cannot is waited for until its time is up, which is counted while
 *       it is connected, then the change has failed ({@link Failing}), unless the owner has since
 *       declared something else for it, which then goes ahead. What comes before a cluster begins
 *       anew is not something else: nothing begins while a founder is not prepared, or another that
 *       can be reached is not stopped.
 * </ol>
 */
final class ConvergingRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    return situation.seen().placements().stream()
        .filter(p -> p.issued().isPresent() && !p.converged())
        .filter(p -> blocks(p, situation))
        .findFirst()
        .map(p -> waitFor(p, situation));
  }

  private static boolean blocks(Placement placement, Situation situation) {
    if (learns(placement, situation)) {
      return false;
    }
    if (!situation.connected(placement.host())) {
      return wanted(placement, situation).isPresent() && !fenced(placement, situation);
    }
    return !(placement.stuck() && somethingElseIsWanted(placement, situation));
  }

  private static boolean learns(Placement placement, Situation situation) {
    return Situation.document(placement).conduct().run() == MemberConfig.Run.RUNNING
        && wanted(placement, situation)
            .flatMap(situation::entry)
            .filter(EtcdView.Member::learner)
            .isPresent();
  }

  /**
   * Fenced by a recovery, or about to be, while its host was away: it is rebuilt, not waited for,
   * whatever it was told before. Once the cluster has formed, those that it does not list have
   * nothing to say in it.
   */
  private static boolean fenced(Placement placement, Situation situation) {
    if (!situation.formed()) {
      return Documents.founders(situation).stream()
          .noneMatch(f -> f.name().equals(placement.member()) && f.host().equals(placement.host()));
    }
    return Situation.document(placement).conduct().run() == MemberConfig.Run.STOPPED
        && situation.entry(placement.member()).isEmpty();
  }

  private static Optional<ClusterSpec.Member> wanted(Placement placement, Situation situation) {
    return situation
        .wanted()
        .member(placement.member())
        .filter(m -> m.host().equals(placement.host()));
  }

  private static boolean somethingElseIsWanted(Placement placement, Situation situation) {
    Optional<ClusterSpec.Member> member = wanted(placement, situation);
    if (member.isEmpty()) {
      return !DeleteRule.retired(placement);
    }
    if (!situation.formed() && fenced(placement, situation)) {
      return Situation.document(placement).conduct().run() != MemberConfig.Run.STOPPED;
    }
    Optional<Documents> documents = Due.of(situation).documents();
    return documents
        .filter(d -> d.missing(member.get()).isEmpty())
        .map(d -> Anew.accepting(d.of(member.get()), situation))
        .filter(d -> isSomethingElse(d, placement))
        .isPresent();
  }

  /**
   * Laying a release ready for what is wanted is on the way there: it is waited for, whatever else
   * may be wrong with a member that runs another one.
   */
  private static boolean isSomethingElse(MemberConfig wanted, Placement placement) {
    MemberConfig issued = Situation.document(placement);
    MemberConfig.Releases releases = issued.releases();
    boolean onTheWay =
        releases.staged().equals(wanted.releases().staged())
            && !releases.running().equals(wanted.releases().running());
    return (!onTheWay || laidReady(placement, releases))
        && !wanted.withRun(issued.conduct().run()).equals(issued);
  }

  /** It is told to lay another release ready, and nothing about its process. */
  private static boolean staging(Placement placement) {
    MemberConfig.Releases releases = Situation.document(placement).releases();
    return !releases.staged().contains(releases.running());
  }

  private static boolean laidReady(Placement placement, MemberConfig.Releases releases) {
    List<String> there = placement.report().map(r -> r.ready().stagedReleases()).orElse(List.of());
    return releases.staged().stream().map(Release::sha256).allMatch(there::contains);
  }

  static Decision waitFor(Placement placement, Situation situation) {
    Duration passed = situation.since(Failing.told(placement, situation));
    if (!situation.connected(placement.host())) {
      return wait(
          new Hold(
              Code.Q3003,
              "host %s is not connected; %s there has a change outstanding for %s"
                  .formatted(placement.host(), placement.member(), words(passed)),
              "quorate host describe " + placement.host()));
    }
    Optional<HostReport.Trouble> trouble =
        placement.received()
            ? placement.report().flatMap(r -> r.problems().stream().findFirst())
            : Optional.empty();
    // A host that was cut off from its coordinator, or whose coordinator was away, could not go on.
    Duration able =
        situation
            .seen()
            .host(placement.host())
            .map(h -> situation.since(h.since()))
            .filter(connected -> connected.compareTo(passed) < 0)
            .orElse(passed);
    boolean late = able.compareTo(situation.wanted().rollout().memberDeadline()) > 0;
    boolean timeIsUp = late || (!staging(placement) && Failing.gaveUp(placement, passed));
    if (trouble.isPresent() && timeIsUp) {
      return Failing.decide(placement, said(placement, trouble.get(), situation), situation);
    }
    if (passed.compareTo(situation.wanted().rollout().progressDeadline()) > 0) {
      return Failing.decide(
          placement,
          new Hold(
              Code.Q3303,
              "host %s has not finished with %s after %s"
                  .formatted(placement.host(), placement.member(), words(passed)),
              "quorate host describe " + placement.host()),
          situation);
    }
    return wait(
        new Hold(
            Code.Q3002,
            "host %s is busy with %s%s"
                .formatted(placement.host(), placement.member(), doing(placement, trouble)),
            trouble.map(HostReport.Trouble::remedy).orElse("")));
  }

  /** In the words of what is known of etcd's own, or else in the host's. */
  private static Hold said(Placement placement, HostReport.Trouble trouble, Situation situation) {
    Optional<Hold> known =
        trouble.code() == Code.Q2023
            ? Diagnosis.known(placement, situation.wanted().cluster())
            : Optional.empty();
    return known
        .map(
            d ->
                new Hold(
                    d.code(),
                    "%s on %s does not stay up: %s"
                        .formatted(placement.member(), placement.host(), d.sentence()),
                    d.remedy()))
        .orElseGet(
            () ->
                new Hold(
                    trouble.code(),
                    "%s on %s: %s"
                        .formatted(placement.member(), placement.host(), trouble.sentence()),
                    trouble.remedy()));
  }

  private static String doing(Placement placement, Optional<HostReport.Trouble> trouble) {
    return trouble
        .map(t -> ": " + t.code() + " " + t.sentence())
        .or(
            () ->
                placement
                    .report()
                    .map(HostReport.Member::activity)
                    .filter(a -> !a.isEmpty())
                    .map(a -> ": " + a))
        .orElse("");
  }

  static String words(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
  }

  private static Decision wait(Hold hold) {
    return new Decision.Wait(Optional.empty(), List.of(hold));
  }
}
