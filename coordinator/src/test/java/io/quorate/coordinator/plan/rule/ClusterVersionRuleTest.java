package io.quorate.coordinator.plan.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A change of minor version is over when the cluster says so. */
class ClusterVersionRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static ClusterView open(boolean enabled) {
    return Scenes.etcd(
        WELL,
        new EtcdView(
            WELL.etcd().asked(),
            WELL.etcd().members(),
            WELL.etcd().endpoints(),
            List.of(),
            Optional.of(new EtcdView.Downgrade(enabled, "3.5"))));
  }

  @Test
  void aDowngradeThatEtcdHasNotEndedIsWaitedFor() {
    assertEquals(List.of(Code.Q3019), Scenes.codes(Planner.next(THREE, open(true))));
    assertInstanceOf(Decision.Done.class, Planner.next(THREE, open(false)));
  }

  @Test
  void aMemberThatSeesAnotherClusterVersionIsWaitedFor() {
    ClusterView low = Scenes.running(Scenes.spec("3.4.23", 1, 2, 3));
    EtcdView.Endpoint one = low.etcd().endpoints().getFirst();
    EtcdView.Status old = one.status().orElseThrow();
    ClusterView view =
        Ailment.etcd(
            WELL,
            WELL.etcd().endpoints().stream()
                .map(
                    e ->
                        e.member().equals(one.member())
                            ? new EtcdView.Endpoint(
                                e.member(),
                                e.status()
                                    .map(
                                        s ->
                                            new EtcdView.Status(
                                                s.memberId(),
                                                new EtcdView.Versions(
                                                    s.versions().server(),
                                                    old.versions().cluster(),
                                                    Optional.empty()),
                                                s.leaderId(),
                                                false,
                                                s.raft(),
                                                s.database(),
                                                List.of(),
                                                "")),
                                true,
                                e.since())
                            : e)
                .toList());
    assertEquals(List.of(Code.Q3019), Scenes.codes(Planner.next(THREE, view)));
  }
}
