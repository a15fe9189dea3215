package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Due;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A member whose host in the file is another than the one that has its data: it moves, with its id
 * and its data.
 *
 * <ol>
 *   <li>The new host is prepared; leadership moves away.
 *   <li>The member is stopped on the old host, its directories are packed there and held by the
 *       coordinator.
 *   <li>The cluster is told the new peer URL, then the new host unpacks, verifies and starts.
 *   <li>Well there, it is retired on the old host: the directory is renamed, so that it can never
 *       start again.
 * </ol>
 *
 * Every state between is told by what is seen, so an interrupted move goes on; a file that names
 * the old host again before the start on the new one brings the member back to it.
 */
final class MoveRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    for (ClusterSpec.Member member : situation.wanted().members()) {
      Optional<EtcdView.Member> entry = situation.entry(member.name());
      Optional<Placement> old =
          situation.seen().placements(member.name()).stream()
              .filter(p -> !p.host().equals(member.host()))
              .filter(p -> p.issued().isPresent() && !DeleteRule.retired(p))
              .findFirst();
      if (entry.isPresent() && old.isPresent()) {
        Optional<Decision> step = move(member, entry.get(), old.get(), situation);
        if (step.isPresent()) {
          return step;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Decision> move(
      ClusterSpec.Member member, EtcdView.Member entry, Placement old, Situation situation) {
    Due due = Due.of(situation);
    if (due.documents().isEmpty()) {
      return Rule.refuse(due.refusal().orElseThrow());
    }
    Optional<Hold> missing = due.documents().get().missing(member);
    if (missing.isPresent()) {
      return Rule.refuse(missing.get());
    }
    MemberConfig target = due.documents().get().of(member);
    MemberConfig was = Situation.document(old);
    Optional<Placement> home = situation.home(member).filter(p -> p.issued().isPresent());
    MemberConfig.Run there =
        home.map(p -> Situation.document(p).conduct().run()).orElse(MemberConfig.Run.STOPPED);
    return switch (there) {
      case RUNNING ->
          situation.well(member.name())
              ? configure(Step.Purpose.RETIRE, old.host(), DeleteRule.retirement(was, "moved"))
              : Rule.hold(
                  Hold.of(
                      Code.Q3007, "waiting for %s on %s".formatted(member.name(), member.host())));
      case PREPARED -> handOver(member, entry, old, target, situation);
      case STOPPED, RETIRED ->
          configure(
              Step.Purpose.PREPARE,
              member.host(),
              target
                  .withData(
                      new MemberConfig.Data(was.data().lineage(), new Seed.Empty(), List.of()))
                  .withRun(MemberConfig.Run.PREPARED));
    };
  }

  private static Optional<Decision> handOver(
      ClusterSpec.Member member,
      EtcdView.Member entry,
      Placement old,
      MemberConfig target,
      Situation situation) {
    MemberConfig was = Situation.document(old);
    if (was.conduct().run() == MemberConfig.Run.RUNNING) {
      Optional<Step> relieved =
          situation.leads(member.name())
              ? Leaders.moveAway(situation, member.name(), names(situation))
              : Optional.empty();
      return relieved
          .flatMap(Rule::act)
          .or(
              () ->
                  configure(Step.Purpose.STOP, old.host(), was.withRun(MemberConfig.Run.STOPPED)));
    }
    Optional<Intent.Exported> packed =
        situation.intent().exports().stream()
            .filter(e -> e.member().equals(member.name()))
            .filter(e -> e.lineage().equals(was.data().lineage()))
            .findFirst();
    if (packed.isEmpty()) {
      return Rule.act(new Step.ExportData(member.name(), old.host(), was.data().lineage()));
    }
    if (!entry.peerUrls().equals(List.of(Situation.peerUrl(member)))) {
      return Rule.act(new Step.UpdatePeerUrl(member.name(), entry.id(), Situation.peerUrl(member)));
    }
    MemberConfig.Data data =
        new MemberConfig.Data(
            was.data().lineage(),
            new Seed.Copy(packed.get().sha256(), packed.get().sizeBytes()),
            List.of());
    return configure(Step.Purpose.START, member.host(), target.withData(data));
  }

  private static List<MemberName> names(Situation situation) {
    return situation.wanted().members().stream().map(ClusterSpec.Member::name).toList();
  }

  private static Optional<Decision> configure(
      Step.Purpose purpose, HostName host, MemberConfig document) {
    return Rule.act(new Step.Configure(purpose, new TreeMap<>(Map.of(host, document))));
  }
}
