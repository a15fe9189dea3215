package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Documents;
import io.quorate.coordinator.plan.Due;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Brings members to what is wanted of them, one restart at a time.
 *
 * <ol>
 *   <li>The release that is due is fetched, verified and unpacked everywhere before anybody stops.
 *   <li>What needs no restart is changed on all hosts at once.
 *   <li>Before the first restart there is a fresh snapshot.
 *   <li>Then members are restarted: those that are down through us first, then the canary, then
 *       followers in the order of the file, and the leader last, after leadership has moved to an
 *       updated member that is well. A departing member that is dead, or that was told to stop and
 *       has not, is removed before them.
 * </ol>
 *
 * A member that runs something else than its document says, without anybody having asked for it, is
 * restarted in the same way, where drift is to be repaired.
 *
 * <p>Whether a member needs a restart is read off the running process, never off what it was told.
 */
final class ChangeRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    return among(situation, member -> true);
  }

  /** The same, for some of the members. */
  Optional<Decision> among(Situation situation, Predicate<ClusterSpec.Member> which) {
    List<Change> changes = changes(situation).stream().filter(c -> which.test(c.member)).toList();
    if (changes.isEmpty()) {
      return DowngradeRule.cancel(situation);
    }
    Due due = Due.of(situation);
    if (due.documents().isEmpty()) {
      return Rule.refuse(due.refusal().orElseThrow());
    }
    for (Change change : changes) {
      Optional<Hold> missing = due.documents().get().missing(change.member);
      if (missing.isPresent()) {
        return Rule.refuse(missing.get());
      }
    }
    return stage(changes)
        .or(() -> adjust(changes))
        .or(() -> new DowngradeRule().decide(situation))
        .or(() -> snapshot(changes, situation))
        .or(() -> departing(changes, situation))
        .or(() -> restart(changes, situation));
  }

  /** A member of the spec whose document or process is not as wanted. */
  private record Change(
      ClusterSpec.Member member, Placement home, MemberConfig target, boolean drifted) {
    MemberConfig issued() {
      return Situation.document(home);
    }

    boolean needsRestart() {
      String now =
          Situation.runs(home) ? Situation.runningFingerprint(home) : issued().fingerprint();
      return drifted
          || !target.fingerprint().equals(now)
          || issued().conduct().run() != MemberConfig.Run.RUNNING;
    }
  }

  private static List<Change> changes(Situation situation) {
    List<Change> changes = new ArrayList<>();
    Optional<Documents> documents = Due.of(situation).documents();
    for (ClusterSpec.Member member : situation.wanted().members()) {
      Optional<Placement> home = situation.home(member).filter(p -> p.issued().isPresent());
      if (home.isEmpty()) {
        continue;
      }
      MemberConfig issued = Situation.document(home.get());
      MemberConfig target =
          documents.filter(d -> d.missing(member).isEmpty()).map(d -> d.of(member)).orElse(issued);
      boolean repair = target.conduct().drift() == MemberConfig.Drift.REPAIR;
      boolean drifted = target.equals(issued) && Situation.runsSomethingElse(home.get());
      if (!target.equals(issued) || (drifted && repair) || documents.isEmpty()) {
        changes.add(new Change(member, home.get(), target, drifted));
      }
    }
    return changes;
  }

  private static Optional<Decision> stage(List<Change> changes) {
    SortedMap<HostName, MemberConfig> staging = new TreeMap<>();
    for (Change change : changes) {
      MemberConfig.Releases releases = change.issued().releases();
      if (!releases.running().equals(change.target.releases().running())
          && !releases.staged().equals(change.target.releases().staged())) {
        staging.put(
            change.member.host(),
            change
                .issued()
                .withReleases(
                    new MemberConfig.Releases(
                        releases.running(), change.target.releases().staged())));
      }
    }
    return configure(Step.Purpose.STAGE, staging);
  }

  private static Optional<Decision> adjust(List<Change> changes) {
    SortedMap<HostName, MemberConfig> adjusting = new TreeMap<>();
    for (Change change : changes) {
      if (!change.target.equals(change.issued()) && !change.needsRestart()) {
        adjusting.put(change.member.host(), change.target);
      }
    }
    return configure(Step.Purpose.ADJUST, adjusting);
  }

  private static Optional<Decision> configure(
      Step.Purpose purpose, SortedMap<HostName, MemberConfig> documents) {
    return documents.isEmpty()
        ? Optional.empty()
        : Rule.act(new Step.Configure(purpose, documents));
  }

  private static Optional<Decision> snapshot(List<Change> changes, Situation situation) {
    boolean stops = changes.stream().anyMatch(c -> c.needsRestart() && Situation.runs(c.home));
    return stops ? Snapshots.fresh(situation) : Optional.empty();
  }

  /** Departing voters that would hold every restart up. */
  private static Optional<Decision> departing(List<Change> changes, Situation situation) {
    return changes.stream().noneMatch(Change::needsRestart)
        ? Optional.empty()
        : ShrinkRule.removeUnfinished(situation).or(() -> GrowRule.removeDead(situation));
  }

  private static Optional<Decision> restart(List<Change> changes, Situation situation) {
    List<MemberName> limit = situation.intent().control().limit();
    List<Change> outdated = changes.stream().filter(Change::needsRestart).toList();
    List<Change> allowed =
        outdated.stream().filter(c -> limit.isEmpty() || limit.contains(c.member.name())).toList();
    if (outdated.isEmpty()) {
      return Optional.empty();
    }
    if (allowed.isEmpty()) {
      return Rule.hold(
          new Hold(
              Code.Q3017,
              "limited to %s; %s is still to be changed"
                  .formatted(limit, outdated.get(0).member.name()),
              "quorate apply without --limit"));
    }
    Change next = first(allowed, situation);
    if (next.drifted) {
      // Its host would take the same document for done: it gets one that asks for a restart.
      return Rule.act(new Step.Note(new Step.Decided.Repair(next.member.name())));
    }
    if (situation.leads(next.member.name()) && Situation.runs(next.home)) {
      Optional<Step> moved = relieve(next, outdated, situation);
      if (moved.isPresent()) {
        return Rule.act(moved.get());
      }
    }
    return Rule.act(
        new Step.Configure(
            Situation.runs(next.home) ? Step.Purpose.RESTART : Step.Purpose.START,
            new TreeMap<>(Map.of(next.member.host(), next.target))));
  }

  private static Change first(List<Change> changes, Situation situation) {
    Optional<Change> down =
        changes.stream().filter(c -> !situation.well(c.member.name())).findFirst();
    return down.or(
            () ->
                situation.inOrderOfChange().stream()
                    .flatMap(m -> changes.stream().filter(c -> c.member.equals(m)))
                    .findFirst())
        .orElseThrow();
  }

  /**
   * To a member that is updated already; only a lone canary that leads is relieved by one that is
   * not.
   */
  private static Optional<Step> relieve(Change leader, List<Change> outdated, Situation situation) {
    List<MemberName> old = outdated.stream().map(c -> c.member.name()).toList();
    List<MemberName> all =
        situation.wanted().members().stream().map(ClusterSpec.Member::name).toList();
    List<MemberName> updated = all.stream().filter(n -> !old.contains(n)).toList();
    return Leaders.moveAway(situation, leader.member.name(), updated)
        .or(() -> Leaders.moveAway(situation, leader.member.name(), all));
  }

  /**
   * For a cluster without quorum: a member that has failed gets the document that may mend it. One
   * that is only starting is left alone: it is what the quorum waits for, and an untried document
   * could break it as well.
   */
  Optional<Decision> mend(Situation situation) {
    return changes(situation).stream()
        .filter(c -> !c.target.fingerprint().equals(c.issued().fingerprint()))
        .filter(c -> c.issued().conduct().run() == MemberConfig.Run.RUNNING)
        .filter(c -> situation.connected(c.member.host()) && c.home.received())
        .filter(c -> situation.endpoint(c.member.name()).flatMap(e -> e.status()).isEmpty())
        .filter(
            c -> Situation.unitState(c.home) == io.quorate.common.model.HostReport.UnitState.FAILED)
        .findFirst()
        .flatMap(
            c ->
                Rule.act(
                    new Step.Configure(
                        Step.Purpose.START, new TreeMap<>(Map.of(c.member.host(), c.target)))));
  }
}
