package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.plan.Anew;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Documents;
import io.quorate.coordinator.plan.Due;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lays a cluster down for the first time, or anew from a snapshot or a survivor's data.
 *
 * <ol>
 *   <li>Every founder's host is prepared: release, certificates, configuration, and for a restore
 *       its data. Nothing is started, and what may not stay is stopped and set aside.
 *   <li>When all are prepared, all are started together: none of them can serve before a quorum is
 *       up.
 *   <li>When each answers, reads linearizably and names the same leader, the cluster has formed,
 *       for good.
 * </ol>
 *
 * Founding again is harmless at any point: the token is decided once, hosts stamp their data with
 * it, and a host whose stamped data is gone refuses to start empty.
 */
final class FoundingRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    if (situation.formed()) {
      return Optional.empty();
    }
    Due due = Due.of(situation);
    if (due.documents().isEmpty()) {
      return Rule.refuse(due.refusal().orElseThrow());
    }
    Documents documents = due.documents().get();
    List<ClusterSpec.Member> founders = Documents.founders(situation);
    for (ClusterSpec.Member member : founders) {
      Optional<Hold> missing = documents.missing(member);
      if (missing.isPresent()) {
        return Rule.refuse(missing.get());
      }
    }
    return fence(situation)
        .or(() -> prepare(situation, documents, founders))
        .or(() -> start(situation, documents, founders))
        .or(() -> awaitFormed(situation, founders));
  }

  static Optional<Decision> fence(Situation situation) {
    SortedMap<HostName, MemberConfig> fenced = Anew.toFence(situation);
    return fenced.isEmpty()
        ? Optional.empty()
        : Rule.act(new Step.Configure(Step.Purpose.STOP, fenced));
  }

  private static Optional<Decision> prepare(
      Situation situation, Documents documents, List<ClusterSpec.Member> founders) {
    SortedMap<HostName, MemberConfig> outstanding = new TreeMap<>();
    for (ClusterSpec.Member member : founders) {
      MemberConfig target = documents.of(member);
      Optional<MemberConfig> issued =
          situation.home(member).flatMap(Placement::issued).map(i -> i.document());
      boolean sameFounding =
          issued.map(d -> d.data().lineage().equals(target.data().lineage())).orElse(false);
      if (!sameFounding
          || !issued
              .map(
                  d ->
                      d.withRun(MemberConfig.Run.RUNNING).equals(Anew.accepting(target, situation)))
              .orElse(false)) {
        outstanding.put(
            member.host(), Anew.accepting(target, situation).withRun(MemberConfig.Run.PREPARED));
      }
    }
    if (outstanding.isEmpty()) {
      return Optional.empty();
    }
    Step.Purpose purpose =
        switch (situation.intent().foundation().seed()) {
          case Seed.Empty empty -> Step.Purpose.PREPARE;
          case Seed.Snapshot snapshot -> Step.Purpose.RESTORE;
          case Seed.Copy copy -> Step.Purpose.RESTORE;
          case Seed.Forced forced -> Step.Purpose.SALVAGE;
        };
    return Rule.act(new Step.Configure(purpose, outstanding));
  }

  private static Optional<Decision> start(
      Situation situation, Documents documents, List<ClusterSpec.Member> founders) {
    boolean forced = situation.intent().foundation().seed() instanceof Seed.Forced;
    SortedMap<HostName, MemberConfig> outstanding = new TreeMap<>();
    for (ClusterSpec.Member member : founders) {
      Placement home = situation.home(member).orElseThrow();
      if (Situation.document(home).conduct().run() != MemberConfig.Run.RUNNING) {
        MemberConfig target = documents.of(member);
        outstanding.put(
            member.host(), forced ? Anew.replacing(target) : Anew.accepting(target, situation));
      }
    }
    if (outstanding.isEmpty()) {
      return Optional.empty();
    }
    if (!forced) {
      return Rule.act(new Step.Configure(Step.Purpose.FORM, outstanding));
    }
    Anew.fencedForARecovery(situation)
        .forEach((h, d) -> outstanding.putIfAbsent(h, Anew.replacing(d)));
    return Rule.act(new Step.Configure(Step.Purpose.FORCE, outstanding));
  }

  private static Optional<Decision> awaitFormed(
      Situation situation, List<ClusterSpec.Member> founders) {
    List<MemberName> names = founders.stream().map(ClusterSpec.Member::name).toList();
    List<MemberName> unwell = names.stream().filter(n -> !situation.well(n)).toList();
    Optional<EtcdView.MemberList> list = situation.seen().etcd().members();
    boolean complete =
        list.isPresent()
            && names.stream().allMatch(n -> list.get().byName(n).isPresent())
            && list.get().members().size() == names.size();
    if (unwell.isEmpty() && complete && situation.leader().isPresent()) {
      Intent.Foundation foundation = situation.intent().foundation();
      return foundation.seed() instanceof Seed.Empty
          ? Rule.act(new Step.Note(new Step.Decided.Formed(list.get().clusterId(), names)))
          : Rule.act(new Step.Note(new Step.Decided.Recovered(list.get().clusterId())));
    }
    Optional<Hold> failed =
        unwell.stream()
            .flatMap(n -> situation.wanted().member(n).stream())
            .flatMap(m -> situation.home(m).stream())
            .flatMap(p -> FailedMemberRule.failure(p, situation).stream())
            .findFirst();
    if (failed.isPresent()) {
      return Rule.refuse(failed.get());
    }
    return Rule.hold(
        Hold.of(
            Code.Q3007,
            unwell.isEmpty()
                ? "the members do not agree on a leader and a member list yet"
                : "waiting for "
                    + String.join(", ", unwell.stream().map(MemberName::value).toList())
                    + " to answer"));
  }
}
