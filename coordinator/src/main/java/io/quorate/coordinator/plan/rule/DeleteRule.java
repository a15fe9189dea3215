package io.quorate.coordinator.plan.rule;

import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A cluster that is to be deleted. Data is set aside.
 *
 * <ol>
 *   <li>All members but the leader retire together, then the leader: told at the same time, it
 *       would hand over to one that is going as well, and etcd waits seconds for that.
 *   <li>The leader waits for nobody whose host is away or cannot do it.
 *   <li>Then their documents are dropped.
 * </ol>
 */
final class DeleteRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    if (situation.intent().control().mode() != Intent.Mode.DELETING) {
      return Optional.empty();
    }
    SortedMap<HostName, MemberConfig> retire = new TreeMap<>();
    for (Placement placement : situation.seen().placements()) {
      if (placement.issued().isPresent() && !retired(placement)) {
        retire.put(placement.host(), retirement(Situation.document(placement), "delete"));
      }
    }
    if (!retire.isEmpty()) {
      return Optional.of(retire(retire, situation));
    }
    Optional<Decision> waiting =
        situation.seen().placements().stream()
            .filter(p -> p.issued().isPresent() && !p.converged())
            .findFirst()
            .map(p -> ConvergingRule.waitFor(p, situation));
    if (waiting.isPresent()) {
      return waiting;
    }
    return Optional.of(
        situation.seen().placements().stream()
            .filter(p -> p.issued().isPresent())
            .findFirst()
            .<Decision>map(
                p -> new Decision.Act(new Step.Forget(p.host(), Situation.document(p).id())))
            .orElseGet(Decision.Done::new));
  }

  private static Decision retire(SortedMap<HostName, MemberConfig> all, Situation situation) {
    SortedMap<HostName, MemberConfig> followers = new TreeMap<>(all);
    followers.values().removeIf(d -> situation.leads(d.id().member()));
    Optional<Placement> going =
        situation.seen().placements().stream()
            .filter(p -> p.issued().isPresent() && retired(p) && !p.converged())
            .filter(p -> situation.connected(p.host()) && !p.stuck())
            .findFirst();
    if (followers.isEmpty() && going.isPresent()) {
      return ConvergingRule.waitFor(going.get(), situation);
    }
    return new Decision.Act(
        new Step.Configure(Step.Purpose.RETIRE, followers.isEmpty() ? all : followers));
  }

  static boolean retired(Placement placement) {
    return Situation.document(placement).conduct().run() == MemberConfig.Run.RETIRED;
  }

  static MemberConfig retirement(MemberConfig document, String accepted) {
    MemberConfig.Conduct conduct = document.conduct();
    return document.withConduct(
        new MemberConfig.Conduct(
            MemberConfig.Run.RETIRED,
            conduct.restartSerial(),
            conduct.drift(),
            conduct.unit(),
            Optional.of(accepted)));
  }
}
