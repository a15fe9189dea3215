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
 *   <li>Without progress for {@link #PATIENCE} it is given up and removed; it is tried once more
 *       under a new id.
 * </ol>
 */
final class LearnerRule implements Rule {
  static final long CLOSE = 1000;
  static final Duration PATIENCE = Duration.ofMinutes(5);

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
    Duration passed = situation.since(home.issued().orElseThrow().at());
    if (passed.compareTo(PATIENCE) > 0) {
      return Rule.act(new Step.RemoveMember(member.name(), entry.id()));
    }
    return Rule.hold(
        Hold.of(
            Code.Q3010,
            "learner %s %s"
                .formatted(
                    member.name(),
                    lag.map(l -> "is %d entries behind, %d are close enough".formatted(l, CLOSE))
                        .orElse("has not answered yet"))));
  }
}
