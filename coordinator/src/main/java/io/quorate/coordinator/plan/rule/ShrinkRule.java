package io.quorate.coordinator.plan.rule;

import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A member that the file no longer has.
 *
 * <ol>
 *   <li>Leadership moves away from it, to a member that stays.
 *   <li>The cluster removes it; only then its host retires it: stopped, disabled, its data renamed
 *       aside.
 *   <li>Its document is dropped ({@link UnfinishedRule}). A host that is gone is not waited for; it
 *       is told when it comes back.
 * </ol>
 */
final class ShrinkRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    return removeListed(situation, e -> true).or(() -> retire(situation));
  }

  /**
   * One that has been told to stop and has not done so yet would hold up every restart: it goes
   * before them.
   */
  static Optional<Decision> removeUnfinished(Situation situation) {
    return removeListed(
        situation,
        name -> situation.seen().placements(name).stream().anyMatch(p -> !p.converged()));
  }

  private static Optional<Decision> removeListed(Situation situation, Predicate<MemberName> which) {
    for (EtcdView.Member entry : situation.listed()) {
      Optional<MemberName> name = situation.nameOf(entry);
      if (name.isEmpty()
          || situation.wanted().member(name.get()).isPresent()
          || !which.test(name.get())) {
        continue;
      }
      Optional<Step> moved =
          situation.leads(name.get())
              ? Leaders.moveAway(situation, name.get(), stay(situation))
                  .or(() -> Leaders.moveAway(situation, name.get(), situation.voterNames()))
              : Optional.empty();
      return Rule.act(moved.orElseGet(() -> new Step.RemoveMember(name.get(), entry.id())));
    }
    return Optional.empty();
  }

  private static List<MemberName> stay(Situation situation) {
    return situation.wanted().members().stream()
        .map(m -> m.name())
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  private static Optional<Decision> retire(Situation situation) {
    return situation.departing().stream()
        .filter(p -> situation.connected(p.host()))
        .filter(p -> !DeleteRule.retired(p) && !moving(p, situation))
        .findFirst()
        .flatMap(
            p -> {
              MemberConfig retired = DeleteRule.retirement(Situation.document(p), "removed");
              return Rule.act(
                  new Step.Configure(
                      Step.Purpose.RETIRE, new TreeMap<>(Map.of(p.host(), retired))));
            });
  }

  /** Its data is still needed, where the member is to go. */
  private static boolean moving(Placement placement, Situation situation) {
    return situation.wanted().member(placement.member()).isPresent()
        && situation.entry(placement.member()).isPresent();
  }
}
