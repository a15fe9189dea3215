package io.quorate.coordinator.plan.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A member that was added and does not vote yet. */
class LearnerRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final ClusterSpec FOUR = Scenes.spec("3.5.30", 1, 2, 3, 4);

  private static ClusterView learning() {
    return Scenes.after(3, FOUR, WELL);
  }

  private static ClusterView issued(ClusterView view, Duration ago) {
    return Ailment.placements(
        view,
        view.placements().stream()
            .map(
                p ->
                    new ClusterView.Placement(
                        p.member(),
                        p.host(),
                        p.issued()
                            .map(
                                i ->
                                    new ClusterView.Issued(
                                        i.document(), i.generation(), view.now().minus(ago))),
                        p.seenGeneration(),
                        p.report()))
            .toList());
  }

  @Test
  void itIsStartedUnderTheIdThatTheClusterGaveIt() {
    ClusterView added = Scenes.after(2, FOUR, WELL);
    Step.Configure join =
        assertInstanceOf(
            Step.Configure.class,
            assertInstanceOf(Decision.Act.class, Planner.next(FOUR, added)).step());
    MemberConfig document = Objects.requireNonNull(join.documents().get(HostName.of("node-4")));
    assertEquals(
        "member-"
            + Long.toHexString(
                added
                    .etcd()
                    .members()
                    .orElseThrow()
                    .byPeerUrl("https://10.77.0.14:2380")
                    .orElseThrow()
                    .id()),
        document.data().lineage());
    assertTrue(document.formation().joinsExisting());
    assertEquals(4, document.formation().initialMembers().size());
  }

  @Test
  void caughtUpItIsPromoted() {
    assertEquals("promote etcd-4 to a voter", Scenes.word(Planner.next(FOUR, learning())));
  }

  @Test
  void farBehindItWaits() {
    ClusterView view =
        issued(Ailment.LAGGING.afflict(learning(), Scenes.name("etcd-4")), Duration.ofMinutes(4));
    assertEquals(List.of(Code.Q3010), Scenes.codes(Planner.next(FOUR, view)));
  }

  @Test
  void butNotForEver() {
    ClusterView view =
        issued(Ailment.LAGGING.afflict(learning(), Scenes.name("etcd-4")), Duration.ofMinutes(6));
    assertEquals("remove etcd-4 from the cluster", Scenes.word(Planner.next(FOUR, view)));
  }

  @Test
  void oneThatNobodyWantsAnyMoreIsRemoved() {
    assertEquals("remove etcd-4 from the cluster", Scenes.word(Planner.next(THREE, learning())));
  }

  @Test
  void itIsNeverCountedAsAVoter() {
    ClusterView view =
        Scenes.leftAlone(
            Ailment.DOWN.afflict(learning(), Scenes.name("etcd-3")), Duration.ofMinutes(3));
    assertEquals(
        List.of(Code.Q3301), Scenes.codes(Planner.next(FOUR, view)), "a voter of three is down");
  }
}
