package io.quorate.agent.boot;

import io.quorate.agent.boot.Membership.Listed;
import io.quorate.agent.boot.Peers.Answer;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.MemberConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a member may be started after a boot of its host although no coordinator has said so. Its
 * cluster may have been recovered or restored meanwhile, and old members that start can become a
 * second cluster.
 *
 * <ol>
 *   <li>A member that serves, and lists this one under its id and address: it is awaited there, and
 *       may start.
 *   <li>A member that lists this one no more, or is of another cluster by now: it may not.
 *   <li>Every other voter answers, running or waiting as this one does, and each lists it: whatever
 *       there is of the cluster is as it was, and it may start. A recovery keeps one of the voters,
 *       so that it cannot be missed here.
 *   <li>Otherwise it may not, however long that takes: one of those that are silent may be what the
 *       cluster was recovered from.
 * </ol>
 *
 * Guarantees: a time that has passed is never a reason to start; a majority of an old cluster's
 * members that sees nobody else does not become a cluster again by itself.
 */
final class BootRule {
  private BootRule() {}

  /** The member, and what it knows from before the boot. */
  record Self(MemberConfig.Id id, String peerUrl, Membership known) {
    String ownId() {
      return known.at(peerUrl).map(Listed::id).orElse("");
    }
  }

  sealed interface Verdict {
    /** Somebody serves and awaits it. */
    record Awaited(String by) implements Verdict {}

    /** All are there, and nothing has changed. */
    record Complete() implements Verdict {}

    record GoneOn(Problem problem) implements Verdict {}

    record Unheard(Problem problem) implements Verdict {}
  }

  static Verdict decide(Self self, Map<String, Answer> answers) {
    Optional<String> serving =
        answers.entrySet().stream()
            .filter(a -> a.getValue().serving() && lists(a.getValue().list(), self))
            .map(a -> name(a.getKey(), self))
            .findFirst();
    if (serving.isPresent()) {
      return new Verdict.Awaited(serving.get());
    }
    Optional<String> without =
        answers.entrySet().stream()
            .filter(a -> !lists(a.getValue().list(), self))
            .map(a -> name(a.getKey(), self))
            .findFirst();
    if (without.isPresent()) {
      return new Verdict.GoneOn(goneOn(self, without.get()));
    }
    List<String> silent = silent(self, answers);
    return silent.isEmpty() ? new Verdict.Complete() : new Verdict.Unheard(unheard(self, silent));
  }

  private static boolean lists(Membership list, Self self) {
    String cluster = self.known.clusterId();
    boolean sameCluster =
        cluster.isEmpty() || list.clusterId().isEmpty() || cluster.equals(list.clusterId());
    return sameCluster
        && list.at(self.peerUrl)
            .filter(m -> m.id().isEmpty() || self.ownId().isEmpty() || m.id().equals(self.ownId()))
            .isPresent();
  }

  /** Voters that this member knows of, or somebody else does, and that have not answered. */
  private static List<String> silent(Self self, Map<String, Answer> answers) {
    List<Listed> all = new ArrayList<>(self.known.members());
    answers.values().forEach(a -> all.addAll(a.list().members()));
    return all.stream()
        .filter(m -> !m.learner() && !m.isAt(self.peerUrl))
        .filter(m -> m.peerUrls().stream().noneMatch(answers::containsKey))
        .map(m -> m.name().isEmpty() ? String.join(",", m.peerUrls()) : m.name())
        .distinct()
        .sorted()
        .toList();
  }

  private static String name(String peerUrl, Self self) {
    return self.known.at(peerUrl).map(Listed::name).filter(n -> !n.isEmpty()).orElse(peerUrl);
  }

  private static Problem goneOn(Self self, String by) {
    return Problem.of(
            Code.Q2024,
            "%s is not started: %s is of a cluster that has gone on without it"
                .formatted(self.id, by))
        .withState("its data is untouched; the coordinator decides what becomes of it")
        .withRemedy("make the coordinator reachable from this host");
  }

  private static Problem unheard(Self self, List<String> silent) {
    return Problem.of(
            Code.Q2025,
            "%s is not started yet: neither the coordinator nor %s answers"
                .formatted(self.id, String.join(", ", silent)))
        .withState("its data is untouched; it starts when all of them, or the coordinator, answer")
        .withRemedy("make the coordinator reachable from this host")
        .withRemedy(
            "or, when you know that the cluster was not recovered or restored without this host:"
                + " quorate-agent admit %s".formatted(self.id.cluster()));
  }
}
