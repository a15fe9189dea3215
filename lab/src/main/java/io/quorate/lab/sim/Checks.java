package io.quorate.lab.sim;

import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.etcd.model.ModelProcess;
import io.quorate.coordinator.plan.Intent;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What must hold at every instant, checked where the deed is done and against the truth, not
 * against what anybody believes.
 *
 * <ol>
 *   <li>Quorum is never lost by our act: when a voter is stopped or removed, the rest holds quorum,
 *       if the whole did.
 *   <li>No two voters are down by our act.
 *   <li>The last copy of a voter's data is never set aside.
 *   <li>No acknowledged write is lost, no identity runs twice, and there is never a second cluster.
 *   <li>When a cluster begins anew: what {@link Succession} says.
 *   <li>The coordinator has no bugs that throw.
 * </ol>
 */
final class Checks {
  private final World world;
  private final Succession succession;
  private final List<String> violations = new ArrayList<>();
  private final Map<Long, ModelProcess> stoppedByUs = new HashMap<>();
  private Optional<Long> firstCluster = Optional.empty();

  Checks(World world) {
    this.world = world;
    this.succession = new Succession(world);
  }

  /** Of one cluster by another that begins anew. */
  Succession succession() {
    return succession;
  }

  List<String> violations() {
    return violations;
  }

  /** By somebody who looked at something special. */
  void found(String sentence) {
    violated(sentence);
  }

  private void violated(String sentence) {
    world.say("VIOLATION " + sentence);
    violations.add(sentence);
  }

  private boolean formed() {
    return world
        .store()
        .clusters()
        .find(Scenario.CLUSTER)
        .map(Cluster::intent)
        .map(
            intent ->
                intent.foundation().formed() && intent.control().mode() != Intent.Mode.DELETING)
        .orElse(false);
  }

  void beforeStop(SimHost host, MemberConfig wanted, ModelProcess process) {
    world.say("%s: etcd of %s is stopped".formatted(host.name(), wanted.id().member()));
    if (!formed() || !world.etcd().votes(process)) {
      return;
    }
    boolean accepted = wanted.conduct().acceptedQuorumLoss().isPresent();
    if (!accepted && process.serving() && !world.etcd().restHoldsQuorum(process)) {
      violated("stopping %s on %s loses quorum".formatted(wanted.id().member(), host.name()));
    }
    stoppedByUs.values().removeIf(p -> !world.etcd().missesVoter(p));
    stoppedByUs.values().stream()
        .filter(p -> p.memberId() != process.memberId() && !accepted)
        .findFirst()
        .ifPresent(
            p ->
                violated(
                    "%s is stopped while %x is still down by us"
                        .formatted(wanted.id().member(), p.memberId())));
    stoppedByUs.put(process.memberId(), process);
  }

  void beforeStart(SimHost host, SimStart start) {
    succession.beforeStart(host, start).ifPresent(this::violated);
  }

  void afterRemoval(boolean done) {
    if (done && !world.etcd().everyClusterCommits()) {
      world.say("no quorum right after a removal");
    }
  }

  void beforeSetAside(SimHost host, String data) {
    world.say("%s: data is set aside".formatted(host.name()));
    boolean lastCopy =
        world.hosts().values().stream()
            .noneMatch(other -> other != host && other.agent().holdsDataLike(data));
    boolean counts = world.etcd().isDataOfAVoter(data) && !succession.isOld(data);
    if (formed() && counts && lastCopy) {
      violated("the last copy of a voter's data is set aside on %s".formatted(host.name()));
    }
  }

  void bug(RuntimeException e) {
    StringWriter text = new StringWriter();
    e.printStackTrace(new PrintWriter(text));
    violated("a turn threw %s".formatted(text.toString().lines().limit(6).toList()));
  }

  /** Between events. */
  void always() {
    stoppedByUs.values().removeIf(p -> !world.etcd().missesVoter(p));
    List<Long> serving = world.etcd().servingClusters();
    if (firstCluster.isEmpty() && formed() && serving.size() == 1) {
      firstCluster = Optional.of(serving.getFirst());
    }
    if ((formed() || succession.isUnderWay()) && serving.size() > 1) {
      violated("two clusters serve: %s".formatted(serving));
    }
    succession.always().ifPresent(this::violated);
    world.etcd().anomalies().stream()
        .filter(anomaly -> !violations.contains(anomaly))
        .findFirst()
        .ifPresent(anomaly -> violated(anomaly));
  }

  /** When everything has come to rest. */
  void atTheEnd() {
    always();
    if (succession.isUnderWay()) {
      succession.atTheEnd().forEach(this::violated);
      return;
    }
    firstCluster.ifPresent(
        id -> {
          if (!world.etcd().holdsEverything(id)) {
            violated("the cluster lost writes that it had acknowledged");
          }
        });
  }
}
