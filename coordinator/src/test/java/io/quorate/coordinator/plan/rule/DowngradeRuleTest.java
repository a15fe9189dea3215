package io.quorate.coordinator.plan.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.Planner;
import io.quorate.coordinator.plan.Preview;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.safety.Ailment;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** etcd's own way down. */
class DowngradeRuleTest {
  private static final ClusterSpec THREE = Scenes.spec("3.5.30", 1, 2, 3);
  private static final ClusterView WELL = Scenes.running(THREE);

  private static final ClusterView HIGH = Scenes.running(Scenes.spec("3.6.11", 1, 2, 3));

  @Test
  void itIsEnabledBeforeTheFirstMemberIsSwapped() {
    List<String> words = Scenes.words(Preview.of(THREE, HIGH));
    assertTrue(
        words.indexOf("enable the downgrade to 3.5")
            < words.indexOf("restart etcd-2 with the change"),
        words::toString);
  }

  @Test
  void everyStorageMustHaveComeDownFirst() {
    ClusterView enabled =
        Scenes.etcd(
            HIGH,
            new EtcdView(
                HIGH.etcd().asked(),
                HIGH.etcd().members(),
                HIGH.etcd().endpoints(),
                List.of(),
                Optional.of(new EtcdView.Downgrade(true, "3.5"))));
    ClusterView staged = Scenes.after(1, THREE, enabled);
    assertEquals(List.of(Code.Q3019), Scenes.codes(Planner.next(THREE, staged)));
  }

  @Test
  void alsoTheStorageOfOneThatIsSilentJustNow() {
    ClusterView ready = Scenes.after(3, THREE, HIGH);
    ClusterView view = Ailment.JUST_DOWN.afflict(ready, Scenes.name("etcd-3"));
    assertEquals(List.of(Code.Q3019), Scenes.codes(Planner.next(THREE, view)));
  }

  @Test
  void anUnfinishedUpgradeGoesBackWithoutIt() {
    ClusterSpec up = Scenes.spec("3.6.11", "accept: [version.path]\n", 1, 2, 3);
    ClusterView half = Scenes.revised(Scenes.after(3, up, WELL), up);
    List<String> words = Scenes.words(Preview.of(THREE, half));
    assertTrue(words.stream().noneMatch(w -> w.contains("downgrade")), words::toString);
    assertInstanceOf(Decision.Done.class, Preview.of(THREE, half).end());
  }

  @Test
  void withinAMinorItIsAnOrdinaryChange() {
    List<String> words = Scenes.words(Preview.of(Scenes.spec("3.5.16", 1, 2, 3), WELL));
    assertTrue(words.stream().noneMatch(w -> w.contains("downgrade")), words::toString);
  }
}
