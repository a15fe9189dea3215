package io.quorate.coordinator.plan.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.quorate.common.model.HostName;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Effects;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.plan.safety.InFlight;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was begun with a voter is ended first. */
class UnfinishedRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  @Test
  void aVoterStoppedForAMoveThatNobodyWantsRunsAgain() {
    ClusterView view = Effects.apply(WELL, Scenes.stop(WELL, "etcd-2"));
    assertEquals("start etcd-2", Scenes.word(Planner.next(THREE, view)));
  }

  @Test
  void itsOldAddressIsToldFirst() {
    ClusterView stopped = Effects.apply(WELL, Scenes.stop(WELL, "etcd-2"));
    ClusterView view =
        Effects.apply(
            stopped,
            new Step.UpdatePeerUrl(
                Scenes.name("etcd-2"), Scenes.id(WELL, "etcd-2"), "https://10.77.0.14:2380"));
    assertEquals(
        "tell the cluster that etcd-2 is at https://10.77.0.12:2380",
        Scenes.word(Planner.next(THREE, view)));
  }

  @Test
  void theStuckVoterComesBeforeALearner() {
    ClusterView stuck = InFlight.STUCK.of(WELL, Scenes.restart(WELL, "etcd-3"));
    Decision.Act act =
        assertInstanceOf(
            Decision.Act.class,
            Planner.next(Scenes.spec("3.5.30", 1, 2, 3, 4), Scenes.revised(stuck, THREE)));
    assertEquals(
        List.of(HostName.of("node-3")),
        List.copyOf(assertInstanceOf(Step.Configure.class, act.step()).documents().keySet()));
  }
}
