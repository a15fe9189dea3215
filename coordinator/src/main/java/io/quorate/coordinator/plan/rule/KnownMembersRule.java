package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import java.util.Optional;

/**
 * Without a quorum's own member list nothing else is decided, except mending a member that is down
 * by a document that differs from the one that broke it. With a list, everybody on it must be
 * known: somebody else's member is nothing to work around.
 */
final class KnownMembersRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    if (situation.seen().etcd().members().isEmpty()) {
      return new ChangeRule()
          .mend(situation)
          .or(
              () ->
                  Rule.hold(
                      new Hold(
                          Code.Q3101,
                          "no quorum of %s answers".formatted(situation.wanted().cluster()),
                          "quorate status %1$s; when members are lost for good: quorate recover %1$s"
                              .formatted(situation.wanted().cluster()))));
    }
    return situation.listed().stream()
        .filter(entry -> !known(entry, situation))
        .findFirst()
        .flatMap(
            entry ->
                Rule.refuse(
                    new Hold(
                        Code.Q3104,
                        "member %s (%s) at %s is in the cluster, but neither in its file nor laid down by Quorate"
                            .formatted(
                                Long.toHexString(entry.id()),
                                entry.name().isEmpty() ? "not started" : entry.name(),
                                String.join(",", entry.peerUrls())),
                        "remove it with etcdctl member remove, or find out who added it")));
  }

  private static boolean known(EtcdView.Member entry, Situation situation) {
    Optional<MemberName> name = situation.nameOf(entry);
    boolean byName =
        name.isPresent()
            && (situation.wanted().member(name.get()).isPresent()
                || !situation.seen().placements(name.get()).isEmpty());
    return byName
        || situation.seen().placements().stream()
            .flatMap(p -> p.issued().stream())
            .anyMatch(i -> entry.peerUrls().contains(i.document().endpoints().peerUrl()));
  }
}
