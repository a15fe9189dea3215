package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Documents;
import io.quorate.coordinator.plan.Due;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * Nothing new begins while a host is still doing what it was last told; this is what keeps a
 * coordinator that was killed in mid-step, and restarted, from touching a second member.
 *
 * <ol>
 *   <li>A host that is connected and has not converged is waited for; a disconnected one too, as
 *       long as its member is still wanted there. A departed member on a dead host holds nobody up.
 *   <li>A host that says why it cannot is waited for until the deadline, then the change has failed
 *       — unless the owner has since declared something else for it, which then goes ahead.
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
    if (!situation.connected(placement.host())) {
      return wanted(placement, situation).isPresent() && !fenced(placement, situation);
    }
    return !(placement.stuck() && somethingElseIsWanted(placement, situation));
  }

  /** Stopped by a recovery while its host was away: it is rebuilt, not waited for. */
  private static boolean fenced(Placement placement, Situation situation) {
    return !situation.formed()
        && Situation.document(placement).conduct().run() == MemberConfig.Run.STOPPED;
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
    Optional<Documents> documents = Due.of(situation).documents();
    return documents
        .filter(d -> d.missing(member.get()).isEmpty())
        .map(d -> d.of(member.get()))
        .filter(
            d ->
                !d.withRun(Situation.document(placement).conduct().run())
                    .equals(Situation.document(placement)))
        .isPresent();
  }

  static Decision waitFor(Placement placement, Situation situation) {
    Duration passed = situation.since(placement.issued().orElseThrow().at());
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
    boolean late = passed.compareTo(situation.wanted().rollout().memberDeadline()) > 0;
    if (trouble.isPresent() && late) {
      HostReport.Trouble said = trouble.get();
      return new Decision.Refuse(
          java.util.List.of(
              new Hold(
                  said.code(),
                  "%s on %s: %s".formatted(placement.member(), placement.host(), said.sentence()),
                  said.remedy())));
    }
    if (passed.compareTo(situation.wanted().rollout().progressDeadline()) > 0) {
      return new Decision.Refuse(
          java.util.List.of(
              new Hold(
                  Code.Q3303,
                  "host %s has not finished with %s after %s"
                      .formatted(placement.host(), placement.member(), words(passed)),
                  "quorate host describe " + placement.host())));
    }
    return wait(
        new Hold(
            Code.Q3002,
            "host %s is busy with %s%s"
                .formatted(placement.host(), placement.member(), doing(placement, trouble)),
            trouble.map(HostReport.Trouble::remedy).orElse("")));
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
    return new Decision.Wait(Optional.empty(), java.util.List.of(hold));
  }
}
