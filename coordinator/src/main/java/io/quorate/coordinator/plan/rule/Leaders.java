package io.quorate.coordinator.plan.rule;

import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Finds who is to lead when a leader must go: well, a voter, and the one that is furthest along.
 */
final class Leaders {
  private Leaders() {}

  static Optional<Step> moveAway(
      Situation situation, MemberName from, Collection<MemberName> candidates) {
    return situation.voters().stream()
        .filter(v -> situation.nameOf(v).filter(candidates::contains).isPresent())
        .filter(v -> situation.nameOf(v).filter(n -> !n.equals(from)).isPresent())
        .filter(situation::well)
        .min(
            Comparator.comparing(
                    (EtcdView.Member v) ->
                        situation.nameOf(v).flatMap(situation::lag).orElse(Long.MAX_VALUE))
                .thenComparing(EtcdView.Member::name))
        .map(v -> new Step.MoveLeader(from, situation.nameOf(v).orElseThrow(), v.id()));
  }
}
