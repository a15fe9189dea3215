package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.coordinator.api.v1.CheckReport.Check;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.plan.Preview;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.gate.AlarmGate;
import io.quorate.coordinator.plan.gate.LoginGate;
import io.quorate.coordinator.plan.gate.PackingGate;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What of a running cluster makes a change hopeless from the start, so that it is refused instead
 * of waiting for what only its owner can bring about.
 *
 * <ol>
 *   <li>A cluster whose etcd does not know the coordinator must be told of it first.
 *   <li>A cluster without quorum, or with an alarm, is mended before it is changed; unless its last
 *       change failed, because then the new wish may be what mends it, or its owner has accepted
 *       the alarm by name.
 *   <li>A member that is to move needs room on its old host for the copy of its data.
 *   <li>A cluster of one or two that would be interrupted needs its owner's word.
 * </ol>
 */
final class Prospects {
  private Prospects() {}

  static List<Check> of(Cluster cluster, ClusterSpec wanted, ClusterView view, Instant now) {
    List<Check> checks = new ArrayList<>();
    boolean answering = cluster.intent().failure().isPresent();
    boolean formed = cluster.intent().foundation().formed();
    if (formed) {
      Optional<Hold> stranger = LoginGate.stranger(view.etcd());
      checks.add(check("cluster.login", stranger));
      if (stranger.isPresent()) {
        return checks;
      }
    }
    if (formed && !answering) {
      checks.add(check("cluster.quorum", quorum(cluster, view)));
      checks.add(check("cluster.alarms", AlarmGate.raised(new Situation(wanted, view))));
    }
    if (formed) {
      checks.addAll(moves(wanted, view));
      checks.add(check("cluster.downtime", downtime(cluster, wanted, view, now)));
    }
    return checks;
  }

  /** Of each member that runs elsewhere than it is to, whatever the last wish was. */
  private static List<Check> moves(ClusterSpec wanted, ClusterView view) {
    List<Check> checks = new ArrayList<>();
    Situation situation = new Situation(wanted, view);
    for (ClusterSpec.Member member : wanted.members()) {
      PackingGate.noRoomToMove(member.name(), member.host(), situation)
          .ifPresent(hold -> checks.add(Checks.failed("", "move.space", hold)));
    }
    return checks;
  }

  private static Check check(String name, Optional<Hold> hold) {
    return hold.map(h -> Checks.failed("", name, h)).orElseGet(() -> Checks.passed("", name, ""));
  }

  private static Optional<Hold> quorum(Cluster cluster, ClusterView view) {
    return view.etcd().members().isPresent()
        ? Optional.empty()
        : Optional.of(
            new Hold(
                Code.Q3102,
                "no member of %s has a quorum behind it now".formatted(cluster.name()),
                "quorate status " + cluster.name()));
  }

  private static Optional<Hold> downtime(
      Cluster cluster, ClusterSpec wanted, ClusterView view, Instant now) {
    ClusterView fresh =
        new ClusterView(
            view.now(),
            Intents.revised(cluster.intent(), Optional.of(cluster.spec()), List.of(), "check", now),
            view.placements(),
            view.etcd(),
            view.hosts(),
            view.catalogue(),
            view.operations());
    return Preview.of(wanted, fresh).end() instanceof Decision.Wait wait
        ? wait.holds().stream().filter(h -> h.code() == Code.Q3103).findFirst()
        : Optional.empty();
  }
}
