package io.quorate.coordinator.plan;

import io.quorate.common.model.MemberName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Whose data a cluster that has lost its quorum for good is recovered from.
 *
 * <ol>
 *   <li>Those that still answer, learners not among them.
 *   <li>Of these, by the term of their log, then by its index: what had a majority is most likely
 *       there.
 * </ol>
 */
public final class Survivors {
  private Survivors() {}

  /** The one with the newest log first. */
  public static List<EtcdView.Endpoint> ranked(Situation situation) {
    return situation.seen().etcd().endpoints().stream()
        .filter(e -> e.status().isPresent())
        .filter(e -> !e.status().get().learner())
        .sorted(
            Comparator.comparing((EtcdView.Endpoint e) -> raft(e).term())
                .thenComparing(e -> raft(e).index())
                .reversed())
        .toList();
  }

  public static EtcdView.Raft raft(EtcdView.Endpoint endpoint) {
    return endpoint.status().orElseThrow().raft();
  }

  /** Under which lineage its host says that its data is. */
  public static Optional<String> lineage(MemberName survivor, Situation situation) {
    return situation.seen().placements(survivor).stream()
        .flatMap(p -> p.report().stream())
        .map(r -> r.data().lineage())
        .filter(l -> !l.isEmpty())
        .findFirst();
  }
}
