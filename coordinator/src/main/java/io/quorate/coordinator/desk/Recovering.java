package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.Finding;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.api.v1.SnapshotView;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Survivors;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A cluster that has lost its quorum for good, from the data of one survivor.
 *
 * <ol>
 *   <li>Refused while the cluster has a quorum, and when nobody is left to recover from.
 *   <li>Survivors are ranked ({@link Survivors}); the best is taken, or the one that is named.
 *   <li>Versions of etcd that leave members behind when a new cluster is forced need {@code accept:
 *       old-etcd-recovery}.
 *   <li>Then the cluster gets a new foundation with the survivor as its only founder. All others
 *       are fenced first.
 * </ol>
 */
final class Recovering {
  static final String OLD_ETCD = "old-etcd-recovery";

  private final Office office;
  private final Applying applying;

  Recovering(Office office, Applying applying) {
    this.office = office;
    this.applying = applying;
  }

  SnapshotView.Recovery recovery(Cluster cluster) {
    Situation situation = situation(cluster);
    List<EtcdView.Endpoint> ranked = Survivors.ranked(situation);
    List<SnapshotView.Survivor> survivors = new ArrayList<>();
    ranked.forEach(e -> survivors.add(survivor(e, situation)));
    situation.wanted().members().stream()
        .filter(m -> ranked.stream().noneMatch(e -> e.member().equals(m.name())))
        .forEach(m -> survivors.add(lost(m, situation)));
    String chosen = ranked.stream().findFirst().map(e -> e.member().value()).orElse("");
    return new SnapshotView.Recovery(
        cluster.name().value(),
        survivors,
        chosen,
        "Writes that the lost members acknowledged and %s had not received are lost."
            .formatted(chosen.isEmpty() ? "the survivor" : chosen),
        steps(chosen, situation),
        stops(cluster, situation, ranked));
  }

  private Situation situation(Cluster cluster) {
    return new Situation(cluster.spec(), office.latest(cluster).view());
  }

  private static List<String> steps(String chosen, Situation situation) {
    return List.of(
        "fence all others: their hosts are told to stop them, before anything else when they"
            + " return",
        "copy the data of %s aside, and try on a second copy that it starts".formatted(chosen),
        "force a new cluster of one from it, once",
        "rebuild to %d members through learners".formatted(situation.wanted().members().size()));
  }

  private static SnapshotView.Survivor survivor(EtcdView.Endpoint e, Situation situation) {
    Optional<ClusterView.Placement> placement =
        situation.seen().placements(e.member()).stream().findFirst();
    return new SnapshotView.Survivor(
        e.member().value(),
        placement.map(p -> p.host().value()).orElse(""),
        true,
        Survivors.raft(e).term(),
        Survivors.raft(e).index(),
        placement.flatMap(p -> situation.seen().host(p.host())).map(h -> h.lastSeen()));
  }

  private static SnapshotView.Survivor lost(ClusterSpec.Member member, Situation situation) {
    return new SnapshotView.Survivor(
        member.name().value(),
        member.host().value(),
        false,
        0,
        0,
        situation.seen().host(member.host()).map(h -> h.lastSeen()));
  }

  private static List<Finding> stops(
      Cluster cluster, Situation situation, List<EtcdView.Endpoint> ranked) {
    if (situation.seen().etcd().members().isPresent()) {
      return List.of(
          StatusViews.finding(
              Code.Q3506,
              "%s has its quorum".formatted(cluster.name()),
              "",
              "quorate member replace %s MEMBER --with HOST".formatted(cluster.name())));
    }
    return ranked.isEmpty()
        ? List.of(
            StatusViews.finding(
                Code.Q3507,
                "no member of %s answers".formatted(cluster.name()),
                "",
                "quorate snapshot restore %s SNAPSHOT".formatted(cluster.name())))
        : List.of();
  }

  Changed recover(Cluster cluster, Requests.Recover request, Caller by) {
    Situation situation = situation(cluster);
    List<EtcdView.Endpoint> ranked = Survivors.ranked(situation);
    for (Finding stop : stops(cluster, situation, ranked)) {
      throw Problem.of(Code.valueOf(stop.code()), stop.sentence())
          .withState("nothing was changed")
          .withRemedy(stop.remedies().getFirst())
          .asException();
    }
    EtcdView.Endpoint survivor =
        request
            .survivor()
            .map(MemberName::of)
            .map(name -> among(ranked, name, cluster))
            .orElseGet(ranked::getFirst);
    EtcdVersion version = survivor.status().orElseThrow().versions().server();
    if (leavesMembersBehind(version) && !request.accept().contains(OLD_ETCD)) {
      throw Problem.of(
              Code.Q3207,
              "etcd %s may leave members behind when a new cluster is forced".formatted(version))
          .withCause("fixed in 3.5.25 and 3.6.6")
          .withState("nothing was changed")
          .withRemedy("quorate snapshot restore %s SNAPSHOT".formatted(cluster.name()))
          .withRemedy("or accept it: --accept " + OLD_ETCD)
          .asException();
    }
    String lineage =
        Survivors.lineage(survivor.member(), situation)
            .orElseThrow(() -> noData(survivor.member(), cluster));
    long committed = ranked.stream().mapToLong(e -> Survivors.raft(e).index()).max().orElse(0);
    return applying.refound(
        cluster,
        "Recover %s from %s".formatted(cluster.name(), survivor.member()),
        Refounding.of(
            Refounding.onSurvivor(
                office, cluster, new Seed.Forced(lineage), survivor.member(), committed)),
        by);
  }

  private static EtcdView.Endpoint among(
      List<EtcdView.Endpoint> ranked, MemberName name, Cluster cluster) {
    return ranked.stream()
        .filter(e -> e.member().equals(name))
        .findFirst()
        .orElseThrow(() -> noData(name, cluster));
  }

  private static QuorateException noData(MemberName name, Cluster cluster) {
    return Problem.of(Code.Q3507, "%s cannot be recovered from".formatted(name))
        .withState("nothing was changed")
        .withRemedy("quorate recover " + cluster.name())
        .asException();
  }

  /** Learners and other members that were left in the store come back as ghosts. */
  static boolean leavesMembersBehind(EtcdVersion version) {
    return switch (version.minorText()) {
      case "3.4" -> true;
      case "3.5" -> !version.atLeast(3, 5, 25);
      case "3.6" -> !version.atLeast(3, 6, 6);
      default -> false;
    };
  }
}
