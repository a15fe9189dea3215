package io.quorate.coordinator.plan.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.plan.safety.InFlight;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing new begins while a host is at work. */
class ConvergingRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final ClusterSpec OLDER = Scenes.spec("3.5.16", 1, 2, 3);

  private static ClusterView restarting(InFlight how) {
    return how.of(WELL, Scenes.restart(WELL, "etcd-2"));
  }

  @Test
  void aHostAtWorkIsWaitedFor() {
    for (InFlight how : new InFlight[] {InFlight.SENT, InFlight.HALF_WAY}) {
      assertEquals(
          List.of(Code.Q3002), Scenes.codes(Planner.next(THREE, restarting(how))), how.name());
    }
  }

  @Test
  void soIsOneThatIsAwayWhileItsMemberIsWanted() {
    ClusterView view = Ailment.AWAY.afflict(restarting(InFlight.SENT), Scenes.name("etcd-2"));
    assertEquals(List.of(Code.Q3003), Scenes.codes(Planner.next(THREE, view)));
  }

  @Test
  void whatAHostComplainsOfForTooLongIsTheReasonOfTheFailure() {
    // The document asks for what is wanted, so that nothing else can be tried.
    ClusterView asked =
        Scenes.with(WELL, Intents.restarted(WELL.intent(), List.of(Scenes.name("etcd-2"))));
    ClusterView view = InFlight.STUCK.of(asked, Scenes.restart(asked, "etcd-2"));
    Decision decision = Planner.next(THREE, Scenes.leftAlone(view, Duration.ofMinutes(3)));
    assertInstanceOf(Decision.Refuse.class, decision);
    assertEquals(List.of(Code.Q2019), Scenes.codes(decision));
  }

  @Test
  void anotherWishForAStuckMemberGoesAheadAndItIsTheFirst() {
    ClusterView view = Scenes.revised(restarting(InFlight.STUCK), THREE);
    Step.Configure first =
        assertInstanceOf(
            Step.Configure.class,
            assertInstanceOf(Decision.Act.class, Planner.next(OLDER, view)).step());
    assertEquals(List.of(HostName.of("node-2")), List.copyOf(first.documents().keySet()));
  }

  @Test
  void aDepartedMemberOnADeadHostHoldsNobodyUp() {
    ClusterSpec five = Scenes.spec("3.5.30", 1, 2, 3, 4, 5);
    ClusterView running = Scenes.running(five);
    ClusterView sent = InFlight.SENT.of(running, Scenes.restart(running, "etcd-5"));
    ClusterView dead = Ailment.LOST.afflict(sent, Scenes.name("etcd-5"));
    assertEquals(
        "remove etcd-5 from the cluster",
        Scenes.word(Planner.next(Scenes.spec("3.5.30", 1, 2, 3, 4), dead)));
  }
}
