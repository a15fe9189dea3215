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
import io.quorate.coordinator.plan.safety.Circumstance;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nobody is worked around. */
class KnownMembersRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static ClusterView listed(EtcdView.Member stranger) {
    EtcdView etcd = WELL.etcd();
    EtcdView.MemberList list = etcd.members().orElseThrow();
    List<EtcdView.Member> members = new java.util.ArrayList<>(list.members());
    members.add(stranger);
    return Scenes.etcd(
        WELL,
        new EtcdView(
            etcd.asked(),
            Optional.of(new EtcdView.MemberList(list.clusterId(), members)),
            etcd.endpoints(),
            etcd.alarms(),
            etcd.downgrade(),
            etcd.login()));
  }

  @Test
  void aStrangersMemberIsRefused() {
    for (String name : List.of("foreign", "")) {
      ClusterView view =
          listed(new EtcdView.Member(99, name, List.of("https://1.2.3.4:2380"), List.of(), false));
      Decision decision = Planner.next(THREE, view);
      assertInstanceOf(Decision.Refuse.class, decision);
      assertEquals(List.of(Code.Q3104), Scenes.codes(decision));
    }
  }

  @Test
  void withoutQuorumNothingIsDoneAndRecoveryIsNamed() {
    ClusterView view = Circumstance.withoutQuorum(WELL);
    ClusterSpec other = Scenes.spec("3.5.16", 1, 2, 3);
    Decision.Wait wait = assertInstanceOf(Decision.Wait.class, Planner.next(other, view));
    assertEquals(List.of(Code.Q3101), Scenes.codes(wait));
    assertEquals(true, wait.holds().getFirst().remedy().contains("quorate recover prod"));
  }

  @Test
  void aFailedMemberMayBeMendedByAnotherDocumentEvenThen() {
    ClusterView view =
        Circumstance.withoutQuorum(
            Ailment.DOWN.afflict(
                Ailment.DOWN.afflict(WELL, Scenes.name("etcd-2")), Scenes.name("etcd-3")));
    assertEquals("start etcd-2", Scenes.word(Planner.next(Scenes.spec("3.5.16", 1, 2, 3), view)));
  }
}
