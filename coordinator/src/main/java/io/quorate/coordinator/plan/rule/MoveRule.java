package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberConfig.Run;
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
import java.util.Comparator;
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
 * Every state between is told by what is seen, so an interrupted move goes on, and a file that
 * names the old host again, or a third one, is followed from wherever the move has got to. The data
 * is where the member was last told to run, if it got there; else where it rests. An older copy is
 * set aside before a newer one is laid down beside it, and nothing starts on one host that may
 * still start on another. A copy counts only when it was made after the member was last stopped.
 */
final class MoveRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    Optional<Decision> blocked = Optional.empty();
    for (ClusterSpec.Member member : inOrder(situation)) {
      Optional<EtcdView.Member> entry = situation.entry(member.name());
      List<Placement> others =
          situation.seen().placements(member.name()).stream()
              .filter(p -> !p.host().equals(member.host()))
              .filter(p -> p.issued().isPresent() && !DeleteRule.retired(p))
              .toList();
      if (entry.isEmpty() || others.isEmpty()) {
        continue;
      }
      Optional<Placement> occupant = situation.occupant(member);
      if (occupant.isEmpty()) {
        return new Move(member, entry.get(), others, situation).next();
      }
      blocked =
          blocked.or(
              () ->
                  Rule.refuse(
                      new Hold(
                          Code.Q3601,
                          "%s is to move to %s, where %s of this cluster still is"
                              .formatted(member.name(), member.host(), occupant.get().member()),
                          "bring %s away from there first, then move %s"
                              .formatted(occupant.get().member(), member.name()))));
    }
    return blocked;
  }

  /** One that has set out is brought to an end before another does. */
  private static List<ClusterSpec.Member> inOrder(Situation situation) {
    List<MemberName> setOut = situation.toldToStop();
    Comparator<ClusterSpec.Member> order =
        Comparator.comparing((ClusterSpec.Member m) -> !setOut.contains(m.name()))
            .thenComparing(m -> situation.well(m.name()));
    return situation.wanted().members().stream().sorted(order).toList();
  }

  /** One member's. */
  private record Move(
      ClusterSpec.Member member,
      EtcdView.Member entry,
      List<Placement> others,
      Situation situation) {

    Optional<Decision> next() {
      Due due = Due.of(situation);
      if (due.documents().isEmpty()) {
        return Rule.refuse(due.refusal().orElseThrow());
      }
      Optional<Hold> missing = due.documents().get().missing(member);
      if (missing.isPresent()) {
        return Rule.refuse(missing.get());
      }
      MemberConfig target = due.documents().get().of(member);
      Optional<Placement> leaving =
          situation
              .home(member)
              .filter(p -> p.issued().isPresent() && DeleteRule.retired(p) && hasData(p));
      if (leaving.isPresent()) {
        return configure(Step.Purpose.RETIRE, member.host(), retirement(leaving.get()));
      }
      Optional<Placement> home =
          situation.home(member).filter(p -> p.issued().isPresent() && !DeleteRule.retired(p));
      if (home.filter(p -> told(p) == Run.RUNNING).isPresent()) {
        return arrived();
      }
      Optional<Placement> live = others.stream().filter(p -> mayRun(p)).findFirst();
      boolean restsHere = home.filter(Move::hasData).isPresent();
      if (live.isPresent()) {
        return restsHere ? backFrom(live.get(), home.get()) : leave(live.get(), home, target);
      }
      Optional<Placement> resting = others.stream().filter(Move::hasData).findFirst();
      if (resting.isPresent()) {
        return restsHere
            ? configure(Step.Purpose.RETIRE, home.get().host(), retirement(home.get()))
            : handOver(resting.get(), home, target);
      }
      if (restsHere) {
        return readdress()
            .or(() -> configure(Step.Purpose.START, member.host(), target.withRun(Run.RUNNING)));
      }
      return others.stream()
          .filter(p -> !p.converged())
          .findFirst()
          .map(p -> settle(p))
          .orElseGet(
              () ->
                  Rule.refuse(
                      new Hold(
                          Code.Q2013,
                          "the data of %s is on none of its hosts".formatted(member.name()),
                          "quorate member replace %s %s --with HOST"
                              .formatted(situation.wanted().cluster(), member.name()))));
    }

    private static Run told(Placement placement) {
      return Situation.document(placement).conduct().run();
    }

    private static boolean mayRun(Placement placement) {
      return told(placement) == Run.RUNNING || Situation.runs(placement);
    }

    private static boolean hasData(Placement placement) {
      String lineage = Situation.document(placement).data().lineage();
      return placement.report().filter(r -> r.data().lineage().equals(lineage)).isPresent();
    }

    private Optional<Decision> arrived() {
      Placement old = others.getFirst();
      return situation.well(member.name())
          ? configure(Step.Purpose.RETIRE, old.host(), retirement(old))
          : Rule.hold(
              Hold.of(Code.Q3007, "waiting for %s on %s".formatted(member.name(), member.host())));
    }

    /** Its owner wants it back where an older copy of its data still rests. */
    private Optional<Decision> backFrom(Placement live, Placement home) {
      return hasData(live)
          ? configure(Step.Purpose.RETIRE, home.host(), retirement(home))
          : stop(live);
    }

    private Optional<Decision> leave(
        Placement live, Optional<Placement> home, MemberConfig target) {
      Optional<Decision> preparing = prepare(home, target);
      if (preparing.isPresent()) {
        return preparing;
      }
      Optional<Step> relieved =
          situation.leads(member.name())
              ? Leaders.moveAway(situation, member.name(), names())
              : Optional.empty();
      return relieved.flatMap(Rule::act).or(() -> stop(live));
    }

    private Optional<Decision> prepare(Optional<Placement> home, MemberConfig target) {
      if (home.filter(p -> told(p) == Run.PREPARED).isPresent()) {
        return Optional.empty();
      }
      // It has no identity here before it gets its copy.
      String pending = "pending-" + member.name();
      return configure(
          Step.Purpose.PREPARE,
          member.host(),
          target
              .withData(new MemberConfig.Data(pending, new Seed.Empty(), List.of()))
              .withRun(Run.PREPARED));
    }

    private Optional<Decision> stop(Placement live) {
      return told(live) == Run.STOPPED
          ? settle(live)
          : configure(
              Step.Purpose.STOP, live.host(), Situation.document(live).withRun(Run.STOPPED));
    }

    private Optional<Decision> handOver(
        Placement old, Optional<Placement> home, MemberConfig target) {
      if (!old.converged()) {
        return settle(old);
      }
      Optional<Decision> preparing = prepare(home, target);
      if (preparing.isPresent()) {
        return preparing;
      }
      String lineage = Situation.document(old).data().lineage();
      Optional<Intent.Exported> packed =
          situation.intent().exports().stream()
              .filter(e -> e.member().equals(member.name()) && e.lineage().equals(lineage))
              .filter(e -> !e.at().isBefore(old.issued().orElseThrow().at()))
              .findFirst();
      if (packed.isEmpty()) {
        return Rule.act(new Step.ExportData(member.name(), old.host(), lineage));
      }
      Seed copy = new Seed.Copy(packed.get().sha256(), packed.get().sizeBytes());
      MemberConfig.Data data = new MemberConfig.Data(lineage, copy, List.of());
      return readdress()
          .or(() -> configure(Step.Purpose.START, member.host(), target.withData(data)));
    }

    private Optional<Decision> readdress() {
      String url = Situation.peerUrl(member);
      return entry.peerUrls().equals(List.of(url))
          ? Optional.empty()
          : Rule.act(new Step.UpdatePeerUrl(member.name(), entry.id(), url));
    }

    /** Its host has not finished, and says why if it knows. */
    private Optional<Decision> settle(Placement placement) {
      return Rule.hold(
          placement.report().stream()
              .flatMap(r -> r.problems().stream())
              .findFirst()
              .map(t -> new Hold(t.code(), t.sentence(), t.remedy()))
              .orElseGet(
                  () ->
                      Hold.of(
                          Code.Q3002,
                          "waiting for %s to be stopped on %s"
                              .formatted(member.name(), placement.host()))));
    }

    private MemberConfig retirement(Placement placement) {
      return DeleteRule.retirement(Situation.document(placement), "moved");
    }

    private List<MemberName> names() {
      return situation.wanted().members().stream().map(ClusterSpec.Member::name).toList();
    }

    private static Optional<Decision> configure(
        Step.Purpose purpose, HostName host, MemberConfig document) {
      return Rule.act(new Step.Configure(purpose, new TreeMap<>(Map.of(host, document))));
    }
  }
}
