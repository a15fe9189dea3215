package io.quorate.coordinator.plan.rule;

import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.Optional;

/**
 * What was begun with a voter is ended before anything is begun with another.
 *
 * <ol>
 *   <li>A departed member that its host has retired is forgotten there.
 *   <li>A voter that was stopped on its own host for a move which nobody wants any more is told to
 *       run again, after the cluster has been told its address.
 *   <li>A voter whose host cannot do what it was last told gets what is wanted of it now: its old
 *       document might come true at any moment, beside whatever else is done.
 * </ol>
 */
final class UnfinishedRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    return forget(situation)
        .or(() -> readdress(situation))
        .or(() -> new ChangeRule().among(situation, m -> unfinished(m, situation)));
  }

  private static Optional<Decision> forget(Situation situation) {
    return situation.departing().stream()
        .filter(DeleteRule::retired)
        .filter(Placement::converged)
        .findFirst()
        .flatMap(p -> Rule.act(new Step.Forget(p.host(), Situation.document(p).id())));
  }

  private static Optional<Decision> readdress(Situation situation) {
    return situation.wanted().members().stream()
        .filter(m -> stopped(m, situation))
        .flatMap(m -> situation.entry(m.name()).stream().map(e -> step(m, e.id(), e.peerUrls())))
        .flatMap(Optional::stream)
        .findFirst()
        .map(Decision.Act::new);
  }

  private static Optional<Step> step(ClusterSpec.Member member, long id, List<String> urls) {
    String url = Situation.peerUrl(member);
    return urls.equals(List.of(url))
        ? Optional.empty()
        : Optional.of(new Step.UpdatePeerUrl(member.name(), id, url));
  }

  private static boolean unfinished(ClusterSpec.Member member, Situation situation) {
    boolean unsettled =
        situation.home(member).filter(p -> p.issued().isPresent() && !p.converged()).isPresent();
    return onlyAtHome(member, situation) && (unsettled || stopped(member, situation));
  }

  private static boolean stopped(ClusterSpec.Member member, Situation situation) {
    return onlyAtHome(member, situation)
        && situation
            .home(member)
            .flatMap(Placement::issued)
            .filter(i -> i.document().conduct().run() == MemberConfig.Run.STOPPED)
            .isPresent();
  }

  /** A voter that nothing but its own host was ever told of, or has been told to let go. */
  private static boolean onlyAtHome(ClusterSpec.Member member, Situation situation) {
    return situation.entry(member.name()).filter(e -> !e.learner()).isPresent()
        && situation.seen().placements(member.name()).stream()
            .filter(p -> p.issued().isPresent() && !p.host().equals(member.host()))
            .allMatch(DeleteRule::retired);
  }
}
