package io.quorate.coordinator.etcd.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.EtcdResult;
import io.quorate.coordinator.etcd.EtcdResult.Ok;
import io.quorate.coordinator.etcd.EtcdResult.Refused;
import io.quorate.coordinator.etcd.Refusal;
import io.quorate.coordinator.etcd.rpc.AlarmRequest;
import io.quorate.coordinator.etcd.rpc.AlarmType;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.EtcdView.Alarm;
import io.quorate.coordinator.plan.EtcdView.Endpoint;
import io.quorate.coordinator.plan.EtcdView.Status;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What only real etcd of several versions can show. */
@Execution(ExecutionMode.CONCURRENT)
final class LiveEtcdTest {
  private static final List<String> THREE = List.of("a", "b", "c");

  @Test
  void aMemberThatHangsCostsItsDeadlineAndNothingElse() {
    Deadlines brisk = new Deadlines(Duration.ofMillis(400), Duration.ofSeconds(3));
    try (LoopbackFixture etcd = new LoopbackFixture(brisk, null)) {
      etcd.found("3.5.30", THREE);
      EtcdView before = etcd.await("well", LiveEtcdTest::allWell);
      long leader = status(before, "a").leaderId();
      String frozen =
          before.endpoints().stream()
              .map(e -> e.member().value())
              .filter(name -> status(before, name).memberId() != leader)
              .findFirst()
              .orElseThrow();
      etcd.freeze(frozen);
      long start = System.nanoTime();
      EtcdView view = etcd.observe();
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      etcd.thaw(frozen);
      assertTrue(took.compareTo(Duration.ofSeconds(2)) < 0, took::toString);
      assertEquals(2, view.endpoints().stream().filter(Endpoint::well).count(), view::toString);
      assertTrue(view.members().isPresent());
    }
  }

  @Test
  void an34ClusterIsSeenWhole() {
    try (LoopbackFixture etcd = new LoopbackFixture(Deadlines.DEFAULT, null)) {
      etcd.found(newest("3.4"), THREE);
      EtcdView view = etcd.await("well", LiveEtcdTest::allWell);
      assertEquals(3, view.members().orElseThrow().voters());
      assertTrue(status(view, "a").versions().storage().isEmpty());
      assertInstanceOf(Refused.class, etcd.admin().validateDowngrade(etcd.access(), "3.3"));
    }
  }

  @Test
  void alarmsAreSeenAndDisarmed() throws CallFailed {
    Vertx vertx = Vertx.vertx();
    try (LoopbackFixture etcd = new LoopbackFixture(Deadlines.DEFAULT, null)) {
      etcd.found("3.5.30", List.of("a"));
      EtcdView before = etcd.await("well", LiveEtcdTest::allWell);
      long id = status(before, "a").memberId();
      try (MemberConnection member =
          new MemberConnection(
              vertx, etcd.access().targets().get(0).clientUrl(), Optional.empty())) {
        for (AlarmType type : List.of(AlarmType.CORRUPT, AlarmType.NOSPACE)) {
          member.alarm(
              AlarmRequest.newBuilder()
                  .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                  .setMemberID(id)
                  .setAlarm(type)
                  .build(),
              Deadline.in(Duration.ofSeconds(5)));
        }
      }
      Alarm corrupt = new Alarm(id, "CORRUPT");
      Alarm space = new Alarm(id, "NOSPACE");
      EtcdView alarmed = etcd.await("alarms", view -> view.alarms().size() == 2);
      assertTrue(alarmed.alarms().containsAll(List.of(corrupt, space)), alarmed::toString);
      assertFalse(alarmed.endpoints().get(0).well());
      assertTrue(etcd.admin().disarm(etcd.access(), corrupt).ok());
      assertTrue(etcd.admin().disarm(etcd.access(), space).ok());
      etcd.await("disarmed", view -> view.alarms().isEmpty() && allWell(view));
    } finally {
      vertx.close().await();
    }
  }

  @Test
  void downgradesFrom36() {
    try (LoopbackFixture etcd = new LoopbackFixture(Deadlines.DEFAULT, null)) {
      etcd.found(newest("3.6"), THREE);
      EtcdView before =
          etcd.await("storage version", view -> allWell(view) && storage(view, "3.6.0"));
      assertFalse(before.downgrade().orElseThrow().enabled());
      assertTrue(status(before, "a").database().quotaBytes() > 0);
      assertRefused(
          Refusal.INVALID_DOWNGRADE_TARGET, etcd.admin().validateDowngrade(etcd.access(), "3.3"));
      assertEquals(new Ok<>("3.6"), etcd.admin().validateDowngrade(etcd.access(), "3.5"));
      assertTrue(etcd.admin().enableDowngrade(etcd.access(), "3.5").ok());
      EtcdView lowered =
          etcd.await("lowered", view -> storage(view, "3.5.0") && view.downgrade().isPresent());
      assertEquals(new EtcdView.Downgrade(true, "3.5.0"), lowered.downgrade().orElseThrow());
      // The cluster's version is the target by now, so a second time is no longer a downgrade.
      assertRefused(
          Refusal.INVALID_DOWNGRADE_TARGET, etcd.admin().enableDowngrade(etcd.access(), "3.5"));
      assertTrue(etcd.admin().cancelDowngrade(etcd.access()).ok());
      etcd.await("raised again", view -> storage(view, "3.6.0"));
    }
  }

  @Test
  void aStrangerAtAnAddressIsNamed() {
    try (LoopbackFixture etcd = new LoopbackFixture(Deadlines.DEFAULT, null);
        LoopbackFixture other = new LoopbackFixture(Deadlines.DEFAULT, null)) {
      etcd.found("3.5.30", List.of("a"));
      other.found("3.5.30", List.of("x"));
      List<Access.Target> mixed =
          List.of(
              etcd.access().targets().get(0),
              new Access.Target(MemberName.of("b"), other.access().targets().get(0).clientUrl()));
      EtcdView view =
          etcd.admin()
              .observe(new Access(ClusterName.of("mixed"), mixed, Optional.empty()), etcd.now());
      assertEquals(1, view.endpoints().stream().filter(Endpoint::well).count());
      assertTrue(
          view.endpoints().stream()
              .flatMap(e -> e.status().stream())
              .flatMap(s -> s.errors().stream())
              .anyMatch(error -> error.startsWith("answers for the cluster")));
    }
  }

  @Test
  void anUpgradeToTheNextMinorIsSeen() {
    String next = newest("3.6");
    try (LoopbackFixture etcd = new LoopbackFixture(Deadlines.DEFAULT, null)) {
      etcd.found("3.5.30", List.of("a"));
      etcd.await("well", LiveEtcdTest::allWell);
      etcd.stop("a");
      etcd.restart("a", next);
      EtcdView after = etcd.await("3.6", view -> storage(view, "3.6.0"));
      assertEquals(EtcdVersion.parse(next), status(after, "a").versions().server());
    }
  }

  private static boolean storage(EtcdView view, String version) {
    return view.endpoints().stream()
        .allMatch(
            e ->
                e.status()
                    .flatMap(s -> s.versions().storage())
                    .equals(Optional.of(EtcdVersion.parse(version))));
  }

  private static String newest(String minor) {
    Optional<String> version = Archives.newest(minor);
    assumeTrue(version.isPresent(), "SKIPPED: no etcd " + minor + " here; lab/releases makes it");
    return version.orElseThrow();
  }

  private static void assertRefused(Refusal kind, EtcdResult<?> result) {
    assertInstanceOf(Refused.class, result, result::toString);
    assertEquals(kind, ((Refused<?>) result).kind(), result::toString);
  }

  private static boolean allWell(EtcdView view) {
    return view.endpoints().stream().allMatch(Endpoint::well);
  }

  private static Status status(EtcdView view, String member) {
    return view.endpoint(MemberName.of(member)).orElseThrow().status().orElseThrow();
  }
}
