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
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A member that was added and does not vote yet.
 *
 * <ol>
 *   <li>One that nobody wants any more is removed.
 *   <li>Its host gets the document of its new identity; then it is started.
 *   <li>Caught up (within {@link #CLOSE} entries of the leader; etcd itself would accept nine
 *       tenths), it is promoted.
 *   <li>Without progress for the owner's {@code learnerDeadline} it is given up and removed; it is
 *       tried once more under a new id. Progress is a start that was just asked for, or more
 *       applied than before; a large database, which the leader sends as a whole, has a second more
 *       for each {@link #SENT_IN_A_SECOND} bytes.
 * </ol>
 */
final class LearnerRule implements Rule {
  static final long CLOSE = 1000;
  static final long SENT_IN_A_SECOND = 20L << 20;

  @Override
  public Optional<Decision> decide(Situation situation) {
    return situation.listed().stream()
        .filter(e -> e.learner() || e.name().isEmpty())
        .findFirst()
        .flatMap(e -> attend(e, situation));
  }

  private static Optional<Decision> attend(EtcdView.Member entry, Situation situation) {
    Optional<ClusterSpec.Member> member =
        situation
            .nameOf(entry)
            .flatMap(name -> situation.wanted().member(name))
            .filter(m -> entry.peerUrls().contains(Situation.peerUrl(m)));
    if (member.isEmpty()) {
      MemberName name = situation.nameOf(entry).orElse(MemberName.of("unnamed"));
      return Rule.act(new Step.RemoveMember(name, entry.id()));
    }
    if (!entry.learner()) {
      return startVoter(member.get(), situation);
    }
    return start(member.get(), situation).or(() -> promote(member.get(), entry, situation));
  }

  /** A voter without a name has been added by other hands, or is ours and only now starting. */
  private static Optional<Decision> startVoter(ClusterSpec.Member member, Situation situation) {
    return start(member, situation)
        .or(
            () ->
                Rule.hold(
                    Hold.of(
                        Code.Q3007,
                        "waiting for %s to start for the first time".formatted(member.name()))));
  }

  private static Optional<Decision> start(ClusterSpec.Member member, Situation situation) {
    Due due = Due.of(situation);
    if (due.documents().isEmpty()) {
      return Rule.refuse(due.refusal().orElseThrow());
    }
    Documents documents = due.documents().get();
    Optional<Hold> missing = documents.missing(member);
    if (missing.isPresent()) {
      return Rule.refuse(missing.get());
    }
    MemberConfig target = documents.of(member);
    Optional<MemberConfig> issued =
        situation.home(member).flatMap(Placement::issued).map(i -> i.document());
    boolean same =
        issued
            .filter(d -> d.conduct().run() == MemberConfig.Run.RUNNING)
            .filter(d -> d.data().lineage().equals(target.data().lineage()))
            .filter(d -> d.formation().equals(target.formation()))
            .isPresent();
    return same
        ? Optional.empty()
        : Rule.act(
            new Step.Configure(
                Step.Purpose.JOIN, new TreeMap<>(java.util.Map.of(member.host(), target))));
  }

  private static Optional<Decision> promote(
      ClusterSpec.Member member, EtcdView.Member entry, Situation situation) {
    Optional<Long> lag = situation.lag(member.name());
    boolean started = !entry.name().isEmpty();
    if (started && lag.isPresent() && lag.get() <= CLOSE) {
      return Rule.act(new Step.Promote(member.name(), entry.id()));
    }
    Placement home = situation.home(member).orElseThrow();
    if (without(member, home, situation).compareTo(patience(situation)) > 0) {
      return Rule.act(new Step.RemoveMember(member.name(), entry.id()));
    }
    return Rule.hold(
        Hold.of(
            Code.Q3010,
            "learner %s %s%s"
                .formatted(
                    member.name(),
                    lag.map(l -> "is %d entries behind, %d are close enough".formatted(l, CLOSE))
                        .orElse("has not answered yet"),
                    trouble(home, situation))));
  }

  /** For how long it has got nowhere. */
  private static Duration without(ClusterSpec.Member member, Placement home, Situation situation) {
    Instant asked = home.issued().orElseThrow().at();
    Instant last =
        situation
            .endpoint(member.name())
            .map(EtcdView.Endpoint::progressed)
            .filter(asked::isBefore)
            .orElse(asked);
    return situation.since(last);
  }

  private static Duration patience(Situation situation) {
    long database =
        situation
            .leader()
            .flatMap(situation::nameOf)
            .flatMap(situation::endpoint)
            .flatMap(EtcdView.Endpoint::status)
            .map(s -> s.database().bytes())
            .orElse(0L);
    return situation
        .wanted()
        .rollout()
        .membership()
        .learnerDeadline()
        .plusSeconds(database / SENT_IN_A_SECOND);
  }

  private static String trouble(Placement home, Situation situation) {
    if (!situation.connected(home.host())) {
      return "; its host %s is not connected".formatted(home.host());
    }
    return home.report().stream()
        .flatMap(r -> r.problems().stream())
        .findFirst()
        .map(t -> ": %s %s".formatted(t.code(), t.sentence()))
        .orElse("");
  }
}
