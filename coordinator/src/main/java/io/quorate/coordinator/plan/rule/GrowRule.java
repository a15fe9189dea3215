package io.quorate.coordinator.plan.rule;

import io.quorate.common.error.Code;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Documents;
import io.quorate.coordinator.plan.Due;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A member of the file that the cluster does not have.
 *
 * <ol>
 *   <li>Of several, one whose host is there goes first.
 *   <li>Its host is prepared first, so that what can be refused is refused before the cluster is
 *       changed.
 *   <li>A voter that is to go and is dead goes first: etcd refuses every addition while one of
 *       three is down. Dead means not answering for the owner's {@code deadAfter}, while the rest
 *       holds quorum; and before it goes there is a fresh snapshot.
 *   <li>Then it is added, always as a learner; not during etcd's own downgrade, which would refuse
 *       it: that comes to its end first.
 *   <li>A host has room for one member of a cluster. Where another still is, that one must have
 *       left the cluster first; one that is to go and is dead, as after the loss of its disk, goes
 *       first here, too; one that has left already is retired before this one comes.
 * </ol>
 */
final class GrowRule implements Rule {
  private static final int ATTEMPTS = 2;

  @Override
  public Optional<Decision> decide(Situation situation) {
    if (situation.downgrading() || goingDown(situation)) {
      return Optional.empty();
    }
    Optional<Decision> occupied = Optional.empty();
    List<ClusterSpec.Member> reachableFirst =
        situation.wanted().members().stream()
            .sorted(java.util.Comparator.comparing(m -> !situation.connected(m.host())))
            .toList();
    for (ClusterSpec.Member member : reachableFirst) {
      if (situation.entry(member).isPresent()) {
        continue;
      }
      Optional<Placement> occupant = situation.occupant(member);
      if (occupant.isEmpty()) {
        return grow(member, situation);
      }
      if (occupied.isEmpty() && situation.entry(occupant.get().member()).isPresent()) {
        occupied = makeRoom(member, occupant.get(), situation);
      }
    }
    return occupied;
  }

  /** One of the due version would find a cluster that is too new for it. */
  private static boolean goingDown(Situation situation) {
    return Due.of(situation)
        .version()
        .filter(
            due ->
                situation.seen().etcd().endpoints().stream()
                    .flatMap(e -> e.status().stream())
                    .map(s -> s.versions().server())
                    .anyMatch(v -> !v.sameMinor(due) && v.compareTo(due) > 0))
        .isPresent();
  }

  private static Optional<Decision> makeRoom(
      ClusterSpec.Member member, Placement occupant, Situation situation) {
    boolean leaves =
        situation.wanted().member(occupant.member()).isEmpty()
            && !situation.well(occupant.member());
    return (leaves ? removeDead(situation) : Optional.<Decision>empty())
        .or(() -> Rule.refuse(taken(member, occupant)));
  }

  private static Hold taken(ClusterSpec.Member member, Placement occupant) {
    return new Hold(
        Code.Q1008,
        "%s is to be on %s, where %s of this cluster still is"
            .formatted(member.name(), member.host(), occupant.member()),
        "take %s out of the file and apply, then add %s; or name another host"
            .formatted(occupant.member(), member.name()));
  }

  private static Optional<Decision> grow(ClusterSpec.Member member, Situation situation) {
    int attempts = situation.intent().learnersGivenUp().getOrDefault(member.name(), 0);
    if (attempts >= ATTEMPTS) {
      return Rule.refuse(
          new Hold(
              Code.Q3401,
              "%s made no progress as a learner, %d times".formatted(member.name(), attempts),
              "quorate logs %s %s; then quorate rollout resume %1$s"
                  .formatted(situation.wanted().cluster(), member.name())));
    }
    return prepare(member, situation)
        .or(() -> removeDead(situation))
        .or(() -> Rule.act(new Step.AddLearner(member.name(), Situation.peerUrl(member))));
  }

  private static Optional<Decision> prepare(ClusterSpec.Member member, Situation situation) {
    Due due = Due.of(situation);
    if (due.documents().isEmpty()) {
      return Rule.refuse(due.refusal().orElseThrow());
    }
    Documents documents = due.documents().get();
    Optional<Hold> missing = documents.missing(member);
    if (missing.isPresent()) {
      return Rule.refuse(missing.get());
    }
    MemberConfig target = pending(documents.of(member));
    Optional<MemberConfig> issued =
        situation.home(member).flatMap(Placement::issued).map(i -> i.document());
    boolean ready =
        issued
            .filter(d -> d.conduct().run() == MemberConfig.Run.PREPARED)
            .filter(d -> d.releases().equals(target.releases()))
            .filter(d -> d.settings().equals(target.settings()))
            .isPresent();
    return ready
        ? Optional.empty()
        : Rule.act(
            new Step.Configure(Step.Purpose.PREPARE, new TreeMap<>(Map.of(member.host(), target))));
  }

  /**
   * It has no identity before the cluster gives it one; data of the one that it had, and that the
   * cluster no longer lists, is of no use to anybody, and what still runs on it has no vote.
   */
  private static MemberConfig pending(MemberConfig document) {
    String lineage = "pending-" + document.id().member();
    Set<String> supersedes = new LinkedHashSet<>(document.data().supersedes());
    supersedes.add(document.data().lineage());
    supersedes.remove(lineage);
    MemberConfig.Data data =
        new MemberConfig.Data(
            lineage, new io.quorate.common.model.Seed.Empty(), List.copyOf(supersedes));
    return accepting(document.withData(data), "not listed").withRun(MemberConfig.Run.PREPARED);
  }

  private static MemberConfig accepting(MemberConfig document, String word) {
    MemberConfig.Conduct conduct = document.conduct();
    return document.withConduct(
        new MemberConfig.Conduct(
            conduct.run(),
            conduct.restartSerial(),
            conduct.drift(),
            conduct.unit(),
            Optional.of(word)));
  }

  static Optional<Decision> removeDead(Situation situation) {
    for (EtcdView.Member voter : situation.voters()) {
      Optional<MemberName> name = situation.nameOf(voter);
      if (name.isEmpty()
          || situation.wanted().member(name.get()).isPresent()
          || situation.well(name.get())) {
        continue;
      }
      Duration dead = situation.wanted().rollout().membership().deadAfter();
      Duration silent =
          situation.endpoint(name.get()).map(e -> situation.since(e.since())).orElse(dead);
      if (silent.compareTo(dead) < 0) {
        return Rule.hold(
            Hold.of(
                Code.Q3020,
                "%s is to be replaced and does not answer for %s; it counts as dead after %s"
                    .formatted(
                        name.get(), ConvergingRule.words(silent), ConvergingRule.words(dead))));
      }
      return Snapshots.fresh(situation).or(() -> Rule.act(remove(name.get(), voter, situation)));
    }
    return Optional.empty();
  }

  /** One that answers, unwell as it is, may lead. */
  private static Step remove(MemberName name, EtcdView.Member voter, Situation situation) {
    Optional<Step> moved =
        situation.leads(name) && situation.endpoint(name).flatMap(e -> e.status()).isPresent()
            ? Leaders.moveAway(situation, name, situation.voterNames())
            : Optional.empty();
    return moved.orElseGet(() -> new Step.RemoveMember(name, voter.id()));
  }
}
