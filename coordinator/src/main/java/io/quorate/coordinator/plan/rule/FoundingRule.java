package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Seed;
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
    return fence(situation, founders)
        .or(() -> prepare(situation, documents, founders))
        .or(() -> start(situation, documents, founders))
        .or(() -> awaitFormed(situation, founders));
  }

  /**
   * What is not of a recovery's one survivor must not run beside it. A host that is away is told
   * when it is back.
   */
  private static Optional<Decision> fence(Situation situation, List<ClusterSpec.Member> founders) {
    SortedMap<HostName, MemberConfig> running = new TreeMap<>();
    for (Placement placement : situation.seen().placements()) {
      boolean founder =
          founders.stream()
              .anyMatch(
                  f -> f.name().equals(placement.member()) && f.host().equals(placement.host()));
      if (!founder
          && placement.issued().isPresent()
          && Situation.document(placement).conduct().run() == MemberConfig.Run.RUNNING) {
        running.put(
            placement.host(),
            accepting(Situation.document(placement), situation).withRun(MemberConfig.Run.STOPPED));
      }
    }
    return running.isEmpty()
        ? Optional.empty()
        : Rule.act(new Step.Configure(Step.Purpose.STOP, running));
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
              .map(d -> d.withRun(MemberConfig.Run.RUNNING).equals(accepting(target, situation)))
              .orElse(false)) {
        outstanding.put(
            member.host(), accepting(target, situation).withRun(MemberConfig.Run.PREPARED));
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

  /** A restore or a recovery replaces what runs; its owner accepted that by the cluster's name. */
  static MemberConfig accepting(MemberConfig document, Situation situation) {
    Intent.Foundation foundation = situation.intent().foundation();
    if (foundation.formed() || foundation.seed() instanceof Seed.Empty) {
      return document;
    }
    MemberConfig.Conduct conduct = document.conduct();
    return document.withConduct(
        new MemberConfig.Conduct(
            conduct.run(),
            conduct.restartSerial(),
            conduct.drift(),
            conduct.unit(),
            Optional.of("restore")));
  }

  private static Optional<Decision> start(
      Situation situation, Documents documents, List<ClusterSpec.Member> founders) {
    SortedMap<HostName, MemberConfig> outstanding = new TreeMap<>();
    for (ClusterSpec.Member member : founders) {
      Placement home = situation.home(member).orElseThrow();
      if (Situation.document(home).conduct().run() != MemberConfig.Run.RUNNING) {
        outstanding.put(member.host(), accepting(documents.of(member), situation));
      }
    }
    boolean forced = situation.intent().foundation().seed() instanceof Seed.Forced;
    return outstanding.isEmpty()
        ? Optional.empty()
        : Rule.act(
            new Step.Configure(forced ? Step.Purpose.FORCE : Step.Purpose.FORM, outstanding));
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
