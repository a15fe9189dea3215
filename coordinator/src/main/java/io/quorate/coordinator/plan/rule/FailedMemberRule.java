package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Diagnosis;
import io.quorate.coordinator.plan.Due;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A member that is to run and is not well.
 *
 * <ol>
 *   <li>It is given until the member deadline, counted from its newest document or from when it was
 *       first seen unwell, whichever is later: a start that has just been asked for takes its time,
 *       and so does a coordinator that has only just begun to watch. Nothing is done before.
 *   <li>Then it has failed, with a diagnosis; what follows says {@link Failing}.
 *   <li>When something else is wanted for it by now, that goes ahead instead if it is down through
 *       us, if it is not about what etcd is started with, or about where it is to be reached, or if
 *       its owner wants members that are down to come first. Otherwise a change begins on a healthy
 *       cluster: it is waited for.
 * </ol>
 */
final class FailedMemberRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    for (ClusterSpec.Member member : situation.wanted().members()) {
      Optional<Placement> home = situation.home(member).filter(p -> p.issued().isPresent());
      if (home.isEmpty() || situation.well(member.name()) || !isToVote(home.get(), situation)) {
        continue;
      }
      if (somethingElseIsWanted(member, home.get(), situation)) {
        if (mayComeFirst(member, home.get(), situation)) {
          continue;
        }
        return Rule.hold(unhealthy(member, home.get(), situation));
      }
      Optional<Hold> failed = failure(home.get(), situation);
      if (failed.isEmpty()) {
        return Rule.hold(
            Hold.of(
                Code.Q3007,
                "waiting for %s to be well again%s"
                    .formatted(
                        member.name(), Diagnosis.hint(home.get(), situation.wanted().cluster()))));
      }
      return Optional.of(Failing.decide(home.get(), failed.get(), situation));
    }
    return Optional.empty();
  }

  private static boolean isToVote(Placement placement, Situation situation) {
    return Situation.document(placement).conduct().run() == MemberConfig.Run.RUNNING
        && situation.entry(placement.member()).filter(e -> !e.learner()).isPresent();
  }

  private static boolean somethingElseIsWanted(
      ClusterSpec.Member member, Placement placement, Situation situation) {
    return Due.of(situation)
        .documents()
        .filter(d -> d.missing(member).isEmpty())
        .filter(d -> !d.of(member).equals(Situation.document(placement)))
        .isPresent();
  }

  private static boolean mayComeFirst(
      ClusterSpec.Member member, Placement home, Situation situation) {
    MemberConfig issued = Situation.document(home);
    Optional<MemberConfig> wanted = Due.of(situation).documents().map(d -> d.of(member));
    boolean harmless =
        wanted.filter(w -> w.fingerprint().equals(issued.fingerprint())).isPresent()
            || wanted.filter(w -> !w.endpoints().equals(issued.endpoints())).isPresent();
    return situation.wanted().policies().repairFailedMembersFirst()
        || situation.intent().control().turningBack()
        || harmless
        || downThroughUs(member, issued, situation);
  }

  /** What it was last told is not what the revision that was last reached had told it. */
  private static boolean downThroughUs(
      ClusterSpec.Member member, MemberConfig issued, Situation situation) {
    Optional<ClusterSpec> reached = situation.intent().previous();
    Optional<ClusterSpec.Member> then = reached.flatMap(s -> s.member(member.name()));
    return then.isEmpty()
        || Due.of(new Situation(reached.get(), situation.seen()))
            .documents()
            .filter(d -> d.missing(then.get()).isEmpty())
            .filter(d -> d.of(then.get()).fingerprint().equals(issued.fingerprint()))
            .isEmpty();
  }

  private static Hold unhealthy(ClusterSpec.Member member, Placement home, Situation situation) {
    String cluster = situation.wanted().cluster().value();
    if (!situation.connected(home.host())) {
      // That nothing is heard of its etcd either says little.
      return new Hold(
          Code.Q3003,
          "host %s is not connected, and %s there does not answer; a change begins on a healthy cluster"
              .formatted(home.host(), member.name()),
          "quorate host describe " + home.host());
    }
    return new Hold(
        Code.Q3007,
        "%s is not well, and a change begins on a healthy cluster%s"
            .formatted(member.name(), Diagnosis.hint(home, situation.wanted().cluster())),
        "quorate logs %s %s; or to change it first: 'repairFailedMembersFirst: true' in the file"
            .formatted(cluster, member.name()));
  }

  private static Instant began(Placement placement, Situation situation) {
    Instant told = Failing.told(placement, situation);
    return situation
        .endpoint(placement.member())
        .map(EtcdView.Endpoint::since)
        .filter(told::isBefore)
        .orElse(told);
  }

  /** Why a member has failed, once its deadline has passed. */
  static Optional<Hold> failure(Placement placement, Situation situation) {
    Duration passed = situation.since(began(placement, situation));
    if (!Failing.timeIsUp(placement, passed, situation)) {
      return Optional.empty();
    }
    String after = ConvergingRule.words(passed);
    return Optional.of(
        Diagnosis.of(placement, situation.wanted().cluster())
            .map(
                d ->
                    new Hold(
                        d.code(),
                        "%s did not come back after %s: %s"
                            .formatted(placement.member(), after, d.sentence()),
                        d.remedy()))
            .orElseGet(
                () ->
                    new Hold(
                        Code.Q3301,
                        "%s did not come back after %s".formatted(placement.member(), after),
                        "quorate logs %s %s"
                            .formatted(situation.wanted().cluster(), placement.member()))));
  }
}
