package io.quorate.coordinator.plan.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Effects;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Preview;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.plan.safety.Circumstance;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A member that the file no longer has. */
class ShrinkRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);

  private static final ClusterSpec FIVE = Scenes.spec("3.5.30", 1, 2, 3, 4, 5);

  @Test
  void theLeaderIsRelievedByOneThatStays() {
    ClusterView running = Scenes.running(FIVE);
    ClusterView led = Circumstance.led(running, Scenes.id(running, "etcd-5"));
    assertEquals(
        List.of("move leadership from etcd-5 to etcd-1", "remove etcd-5 from the cluster"),
        Scenes.words(Preview.of(Scenes.spec("3.5.30", 1, 2, 3, 4), led)).subList(0, 2));
  }

  @Test
  void nothingIsRetiredBeforeTheClusterLetItGo() {
    List<String> words = Scenes.words(Preview.of(THREE, Scenes.running(FIVE)));
    assertTrue(
        words.lastIndexOf("remove etcd-5 from the cluster")
            < words.indexOf("stop etcd-4 for good and set its data aside"),
        words::toString);
  }

  @Test
  void aHostThatIsGoneIsNotWaitedFor() {
    ClusterView lost = Ailment.LOST.afflict(Scenes.running(FIVE), Scenes.name("etcd-5"));
    Preview preview = Preview.of(Scenes.spec("3.5.30", 1, 2, 3, 4), lost);
    assertEquals(List.of("remove etcd-5 from the cluster"), Scenes.words(preview));
    assertInstanceOf(Decision.Done.class, preview.end());
  }

  @Test
  void itsRetirementNamesWhyItMayStop() {
    ClusterView removed =
        Effects.apply(Scenes.running(FIVE), Scenes.remove(Scenes.running(FIVE), "etcd-5"));
    Step.Configure retire =
        assertInstanceOf(
            Step.Configure.class,
            assertInstanceOf(
                    Decision.Act.class, Planner.next(Scenes.spec("3.5.30", 1, 2, 3, 4), removed))
                .step());
    MemberConfig.Conduct conduct =
        Objects.requireNonNull(retire.documents().get(HostName.of("node-5"))).conduct();
    assertEquals(MemberConfig.Run.RETIRED, conduct.run());
    assertEquals(Optional.of("removed"), conduct.acceptedQuorumLoss());
  }
}
