package io.quorate.coordinator.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The order of things, for one cluster of each kind of change. */
class PreviewTest {
  /** These steps lead to the end, and nothing else is done. */
  private static void assertWay(ClusterSpec wanted, ClusterView seen, String... words) {
    Preview preview = Preview.of(wanted, seen);
    assertEquals(List.of(words), Scenes.words(preview));
    assertInstanceOf(Decision.Done.class, preview.end());
  }

  @Test
  void aNewClusterIsPreparedStartedTogetherAndFormed() {
    assertWay(
        Scenes.spec("3.5.30", 1, 2, 3),
        Scenes.empty(),
        "prepare etcd-1, etcd-2, etcd-3: release, certificates, configuration; nothing is started",
        "start etcd-1, etcd-2, etcd-3 together as a new cluster",
        "the cluster has formed");
  }

  @Test
  void whatIsAheadIsToldWhileAStepIsUnderWayAndWhilePaused() {
    ClusterSpec wanted = Scenes.spec("3.5.30", 1, 2, 3);
    ClusterView running = Scenes.running(Scenes.spec("3.5.16", 1, 2, 3));
    List<Step> steps = Preview.of(wanted, running).steps();
    Step restart = steps.get(2);
    ClusterView before = Scenes.walked(running, steps.subList(0, 2));
    ClusterView told = Effects.apply(before, restart);
    ClusterView busy =
        new ClusterView(
            before.now(),
            before.intent(),
            told.placements().stream()
                .map(
                    p ->
                        new ClusterView.Placement(
                            p.member(),
                            p.host(),
                            p.issued()
                                .map(
                                    i ->
                                        new ClusterView.Issued(
                                            i.document(), i.generation(), before.now())),
                            p.seenGeneration(),
                            before.placement(p.member(), p.host()).orElseThrow().report()))
                .toList(),
            before.etcd(),
            before.hosts(),
            before.catalogue(),
            before.operations());
    List<String> rest =
        List.of(
            "restart etcd-3 with the change",
            "move leadership from etcd-1 to etcd-2",
            "restart etcd-1 with the change");
    assertEquals(List.of(), Scenes.words(Preview.of(wanted, busy)));
    assertEquals(rest, Scenes.words(Preview.ahead(wanted, busy, java.util.Optional.of(restart))));
    ClusterView paused =
        Effects.withIntent(
            told,
            Intents.withControl(
                told.intent(),
                new Intent.Control(
                    Intent.Mode.PAUSED, "ann", "lunch", List.of(), false, told.now())));
    assertEquals(List.of(), Scenes.words(Preview.of(wanted, paused)));
    assertEquals(rest, Scenes.words(Preview.ahead(wanted, paused, java.util.Optional.empty())));
  }

  @Test
  void theSameAgainIsNothing() {
    ClusterSpec spec = Scenes.spec("3.5.30", 1, 2, 3);
    assertWay(spec, Scenes.running(spec));
  }

  @Test
  void anUpgradeStagesSavesRestartsFollowersAndMovesTheLeaderOnce() {
    ClusterView running = Scenes.running(Scenes.spec("3.5.16", 1, 2, 3));
    assertWay(
        Scenes.spec("3.5.30", 1, 2, 3),
        running,
        "fetch, verify and unpack the release for etcd-1, etcd-2, etcd-3",
        "save a snapshot from etcd-2",
        "restart etcd-2 with the change",
        "restart etcd-3 with the change",
        "move leadership from etcd-1 to etcd-2",
        "restart etcd-1 with the change");
  }

  @Test
  void aSettingNeedsRestartsARolloutThresholdDoesNot() {
    ClusterView running = Scenes.running(Scenes.spec("3.5.30", 1, 2, 3));
    Preview setting =
        Preview.of(Scenes.spec("3.5.30", "etcd: {quota-backend-bytes: 4GiB}\n", 1, 2, 3), running);
    assertEquals(3, Scenes.words(setting).stream().filter(w -> w.startsWith("restart ")).count());
    Preview threshold =
        Preview.of(Scenes.spec("3.5.30", "rollout: {soak: 20s}\n", 1, 2, 3), running);
    assertEquals(List.of(), Scenes.words(threshold));
  }

  @Test
  void certificateNamesChangeWithoutARestart() {
    ClusterView running = Scenes.running(Scenes.spec("3.5.30", 1, 2, 3));
    assertWay(
        Scenes.spec("3.5.30", "certificates: {names: [etcd.example]}\n", 1, 2, 3),
        running,
        "change etcd-1, etcd-2, etcd-3 without a restart");
  }

  @Test
  void severalMinorsAreAChainOfHops() {
    ClusterView running = Scenes.running(Scenes.spec("3.4.23", 1, 2, 3));
    Preview preview =
        Preview.of(Scenes.spec("3.6.11", "accept: [version.path]\n", 1, 2, 3), running);
    assertInstanceOf(Decision.Done.class, preview.end(), preview::toString);
    assertEquals(6, Scenes.words(preview).stream().filter(w -> w.startsWith("restart ")).count());
  }

  @Test
  void downToTheLastMinorGoesByEtcdsOwnProcedure() {
    ClusterView running = Scenes.running(Scenes.spec("3.6.11", 1, 2, 3));
    Preview preview = Preview.of(Scenes.spec("3.5.30", 1, 2, 3), running);
    assertTrue(
        Scenes.words(preview).contains("enable the downgrade to 3.5"),
        () -> Scenes.words(preview).toString());
    assertInstanceOf(Decision.Done.class, preview.end(), preview::toString);
  }

  @Test
  void aDowngradeThatIsNotWantedAnyMoreIsCancelledFirst() {
    ClusterSpec high = Scenes.spec("3.6.11", 1, 2, 3);
    ClusterSpec low = Scenes.spec("3.5.30", 1, 2, 3);
    ClusterView running = Scenes.running(high);
    List<Step> way = Preview.of(low, running).steps();
    Step enable = way.stream().filter(s -> s instanceof Step.Downgrade).findFirst().orElseThrow();
    Preview none = Preview.of(high, Effects.apply(running, enable));
    assertEquals(List.of("cancel the downgrade to 3.5"), Scenes.words(none));
    assertInstanceOf(Decision.Done.class, none.end(), none::toString);

    int swapped = way.indexOf(enable) + 1;
    while (!(way.get(swapped) instanceof Step.Configure)) {
      swapped++;
    }
    ClusterView mixed = Scenes.walked(running, way.subList(0, swapped + 1));
    Preview one = Preview.of(high, mixed);
    assertEquals(
        List.of("cancel the downgrade to 3.5", "restart etcd-2 with the change"),
        Scenes.words(one).stream()
            .filter(w -> !w.startsWith("fetch") && !w.contains("without a restart"))
            .toList());
    assertInstanceOf(Decision.Done.class, one.end(), one::toString);
  }

  @Test
  void growingAddsLearnersOneAtATime() {
    ClusterView running = Scenes.running(Scenes.spec("3.5.30", 1));
    assertWay(
        Scenes.spec("3.5.30", 1, 2, 3),
        running,
        "prepare etcd-2: release, certificates, configuration; nothing is started",
        "add etcd-2 as a learner",
        "start etcd-2 as a learner",
        "promote etcd-2 to a voter",
        "prepare etcd-3: release, certificates, configuration; nothing is started",
        "add etcd-3 as a learner",
        "start etcd-3 as a learner",
        "promote etcd-3 to a voter");
  }

  @Test
  void shrinkingMovesTheLeaderAwayAndSetsDataAside() {
    ClusterView running = Scenes.running(Scenes.spec("3.5.30", 1, 2, 3, 4, 5));
    assertWay(
        Scenes.spec("3.5.30", 2, 3, 4),
        running,
        "move leadership from etcd-1 to etcd-2",
        "remove etcd-1 from the cluster",
        "remove etcd-5 from the cluster",
        "stop etcd-1 for good and set its data aside",
        "forget etcd-1 on node-1",
        "stop etcd-5 for good and set its data aside",
        "forget etcd-5 on node-5");
  }

  @Test
  void aReplacementIsAddedBeforeTheOldOneGoes() {
    ClusterView running = Scenes.running(Scenes.spec("3.5.30", 1, 2, 3));
    Preview preview = Preview.of(Scenes.spec("3.5.30", 4, 2, 3), running);
    List<String> words = Scenes.words(preview);
    assertTrue(
        words.indexOf("promote etcd-4 to a voter")
            < words.indexOf("remove etcd-1 from the cluster"),
        words::toString);
    assertInstanceOf(Decision.Done.class, preview.end());
  }

  @Test
  void aMemberMovesWithItsData() {
    ClusterView running = Scenes.running(Scenes.spec("3.5.30", 1, 2, 3));
    ClusterSpec moved = Scenes.placed("3.5.30", "etcd-1@4", "etcd-2@2", "etcd-3@3");
    assertWay(
        moved,
        running,
        "prepare etcd-1: release, certificates, configuration; nothing is started",
        "move leadership from etcd-1 to etcd-2",
        "stop etcd-1",
        "copy the data of etcd-1 off node-1",
        "tell the cluster that etcd-1 is at https://10.77.0.14:2380",
        "start etcd-1",
        "stop etcd-1 for good and set its data aside",
        "forget etcd-1 on node-1",
        "change etcd-1 without a restart");
  }

  @Test
  void aMoveThatIsCalledOffReturnsFromWhereverItHasGot() {
    ClusterSpec before = Scenes.spec("3.5.30", 1, 2, 3);
    ClusterSpec moved = Scenes.placed("3.5.30", "etcd-1@4", "etcd-2@2", "etcd-3@3");
    ClusterView running = Scenes.running(before);
    List<Step> steps = Preview.of(moved, running).steps();
    for (int done = 0; done <= steps.size(); done++) {
      ClusterView view = Scenes.walked(running, steps.subList(0, done));
      Preview back = Preview.of(before, view);
      int at = done;
      assertInstanceOf(Decision.Done.class, back.end(), () -> at + ": " + back);
      ClusterView after = Scenes.walked(view, back.steps());
      assertEquals(
          List.of(HostName.of("node-1")),
          after.placements(MemberName.of("etcd-1")).stream()
              .filter(Situation::runs)
              .map(ClusterView.Placement::host)
              .toList(),
          () -> at + ": " + Scenes.words(back));
      assertEquals(
          "https://10.77.0.11:2380",
          after
              .etcd()
              .members()
              .orElseThrow()
              .byName(MemberName.of("etcd-1"))
              .orElseThrow()
              .peerUrls()
              .getFirst());
    }
  }

  @Test
  void anotherAddressComesCertificatesFirstAndMembersOneByOne() {
    ClusterView running = Scenes.running(Scenes.spec("3.5.30", 1, 2, 3));
    ClusterSpec readdressed =
        Scenes.spec(
            "3.5.30",
            "",
            List.of(
                "  - {name: etcd-1, host: node-1, address: 10.88.0.11}\n",
                "  - {name: etcd-2, host: node-2, address: 10.88.0.12}\n",
                Scenes.member("etcd-3", 3)));
    assertWay(
        readdressed,
        running,
        "change etcd-1 without a restart",
        "move leadership from etcd-1 to etcd-2",
        "tell the cluster that etcd-1 is at https://10.88.0.11:2380",
        "restart etcd-1 with the change",
        "change etcd-2 without a restart",
        "move leadership from etcd-2 to etcd-1",
        "tell the cluster that etcd-2 is at https://10.88.0.12:2380",
        "restart etcd-2 with the change",
        "change etcd-1, etcd-2 without a restart");
  }

  @Test
  void twoDeadMembersOfFiveAreTakenOutOneAfterTheOther() {
    ClusterSpec five = Scenes.spec("3.5.30", 1, 2, 3, 4, 5);
    ClusterView seen = Scenes.silent(Scenes.silent(Scenes.running(five), 4), 5);
    Preview preview = Preview.of(Scenes.spec("3.5.30", 1, 2, 3), seen);
    assertTrue(
        Scenes.words(preview)
            .containsAll(
                List.of("remove etcd-4 from the cluster", "remove etcd-5 from the cluster")),
        preview::toString);
  }

  @Test
  void oneThatHasLostItsDiskIsReplacedWhereItIs() {
    ClusterView seen = Scenes.silent(Scenes.running(Scenes.spec("3.5.30", 1, 2, 3)), 3);
    ClusterSpec wanted = Scenes.placed("3.5.30", "etcd-1@1", "etcd-2@2", "etcd-4@3");
    assertWay(
        wanted,
        seen,
        "save a snapshot from etcd-2",
        "remove etcd-3 from the cluster",
        "stop etcd-3 for good and set its data aside",
        "forget etcd-3 on node-3",
        "prepare etcd-4: release, certificates, configuration; nothing is started",
        "add etcd-4 as a learner",
        "start etcd-4 as a learner",
        "promote etcd-4 to a voter");
  }

  @Test
  void oneMemberNeedsItsOwnersWord() {
    ClusterView running = Scenes.running(Scenes.spec("3.5.16", 1));
    Preview held = Preview.of(Scenes.spec("3.5.30", 1), running);
    Decision.Wait wait = assertInstanceOf(Decision.Wait.class, held.end());
    assertEquals(Code.Q3103, wait.holds().getFirst().code());
    ClusterView allowed = Scenes.running(Scenes.spec("3.5.16", "allowDowntime: true\n", 1));
    Preview done = Preview.of(Scenes.spec("3.5.30", "allowDowntime: true\n", 1), allowed);
    assertInstanceOf(Decision.Done.class, done.end());
  }

  @Test
  void anUnknownHostOrReleaseIsRefused() {
    Preview host = Preview.of(Scenes.spec("3.5.30", 7, 8, 9), Scenes.empty());
    assertEquals(
        Code.Q1201,
        assertInstanceOf(Decision.Refuse.class, host.end()).reasons().getFirst().code());
    Preview release = Preview.of(Scenes.spec("3.5.29", 1, 2, 3), Scenes.empty());
    assertEquals(
        Code.Q1103,
        assertInstanceOf(Decision.Refuse.class, release.end()).reasons().getFirst().code());
  }

  /**
   * The host takes the same document for done, so the way there is a restart that was asked for.
   */
  @Test
  void aProcessThatNobodyDeclaredIsRestartedWhereDriftIsRepaired() {
    ClusterSpec spec = Scenes.spec("3.5.30", 1, 2, 3);
    ClusterView drifted = Scenes.drifted(Scenes.running(spec), "etcd-2");
    assertEquals(
        List.of(
            "save a snapshot from etcd-2",
            "etcd-2 runs something else than it was told: restart it",
            "restart etcd-2 with the change"),
        Scenes.words(Preview.of(spec, drifted)));
    ClusterSpec told = Scenes.spec("3.5.30", "drift: report\n", 1, 2, 3);
    assertEquals(
        List.of(), Scenes.words(Preview.of(told, Scenes.drifted(Scenes.running(told), "etcd-2"))));
  }
}
