package io.quorate.coordinator.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.etcd.EtcdResult.Ok;
import io.quorate.coordinator.etcd.EtcdResult.Refused;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.EtcdView.Endpoint;
import io.quorate.coordinator.plan.EtcdView.Member;
import io.quorate.coordinator.plan.EtcdView.Status;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the coordinator may rely on, whoever stands behind the seam. */
@Execution(ExecutionMode.CONCURRENT)
public abstract class EtcdAdminContract {
  private static final List<String> THREE = List.of("a", "b", "c");
  private EtcdFixture etcd;

  protected abstract EtcdFixture open();

  /** The newest 3.5 that the fixture has. */
  protected String version() {
    return "3.5.30";
  }

  @BeforeEach
  void setUp() {
    etcd = open();
  }

  @AfterEach
  void tearDown() {
    etcd.close();
  }

  @Test
  void aHealthyClusterIsSeenWhole() {
    etcd.found(version(), THREE);
    Instant first = etcd.now();
    EtcdView view = etcd.await("well", EtcdAdminContract::allWell);

    assertEquals(3, view.members().orElseThrow().voters());
    assertEquals(3, view.endpoints().size());
    assertEquals(1, view.endpoints().stream().map(e -> status(e).leaderId()).distinct().count());
    assertEquals(
        1, view.endpoints().stream().map(e -> status(e).memberListDigest()).distinct().count());
    for (Endpoint endpoint : view.endpoints()) {
      Status status = status(endpoint);
      Member member = view.members().orElseThrow().byName(endpoint.member()).orElseThrow();
      assertEquals(member.id(), status.memberId());
      assertEquals(List.of(etcd.peerUrl(member.name())), member.peerUrls());
      assertEquals(EtcdVersion.parse(version()), status.versions().server());
      assertFalse(status.learner());
      assertTrue(status.raft().index() > 0 && status.raft().applied() <= status.raft().index());
      assertFalse(endpoint.since().isBefore(first.minusSeconds(60)));
    }
    assertTrue(view.alarms().isEmpty());

    EtcdView later =
        etcd.await(
            "cluster version",
            seen ->
                seen.endpoints().stream()
                    .allMatch(
                        e ->
                            status(e)
                                .versions()
                                .cluster()
                                .equals(Optional.of(EtcdVersion.parse("3.5.0")))));
    assertEquals(
        view.endpoints().stream().map(Endpoint::since).toList(),
        later.endpoints().stream().map(Endpoint::since).toList(),
        "well since then");
  }

  @Test
  void aStoppedMemberIsMissingAndTheOthersAreNot() {
    etcd.found(version(), THREE);
    EtcdView before = etcd.await("well", EtcdAdminContract::allWell);
    etcd.stop("b");
    EtcdView without =
        etcd.await(
            "b missing",
            view -> endpoint(view, "b").status().isEmpty() && endpoint(view, "a").well());
    assertFalse(endpoint(without, "b").linearizable());
    assertEquals(3, without.members().orElseThrow().voters());
    assertFalse(endpoint(without, "b").since().isBefore(endpoint(before, "b").since()));

    etcd.restart("b");
    EtcdView after = etcd.await("b back", EtcdAdminContract::allWell);
    assertTrue(endpoint(after, "b").since().isAfter(endpoint(without, "b").since()));
  }

  @Test
  void withoutQuorumNothingIsAgreed() {
    etcd.found(version(), THREE);
    etcd.await("well", EtcdAdminContract::allWell);
    etcd.stop("a");
    etcd.stop("b");
    EtcdView view =
        etcd.await(
            "no leader",
            seen -> endpoint(seen, "c").status().map(s -> s.leaderId() == 0).orElse(false));
    assertTrue(view.members().isEmpty());
    assertFalse(endpoint(view, "c").linearizable());
    assertFalse(endpoint(view, "c").well());
    EtcdResult<Long> added = etcd.admin().addLearner(etcd.access(), etcd.peerUrl("d"));
    assertFalse(added.ok(), added::toString);
  }

  @Test
  void growsByALearner() {
    etcd.found(version(), THREE);
    etcd.await("well", EtcdAdminContract::allWell);
    long id = untilOk("add", () -> etcd.admin().addLearner(etcd.access(), etcd.peerUrl("d")));

    Member added = etcd.observe().members().orElseThrow().byId(id).orElseThrow();
    assertEquals("", added.name());
    assertTrue(added.learner());
    assertRefused(
        Refusal.PEER_URL_EXISTS, etcd.admin().addLearner(etcd.access(), etcd.peerUrl("d")));
    assertRefused(
        Refusal.TOO_MANY_LEARNERS, etcd.admin().addLearner(etcd.access(), etcd.peerUrl("e")));
    assertRefused(Refusal.LEARNER_NOT_READY, etcd.admin().promote(etcd.access(), id));

    etcd.join(version(), "d");
    EtcdView joined =
        etcd.await(
            "learner in sync",
            view ->
                endpoint(view, "d")
                    .status()
                    .map(s -> s.learner() && s.leaderId() != 0 && s.raft().applied() > 0)
                    .orElse(false));
    assertTrue(endpoint(joined, "d").well(), "a learner that answers without errors is well");
    untilOk("promote", () -> etcd.admin().promote(etcd.access(), id));
    EtcdView grown =
        etcd.await(
            "four voters",
            view -> allWell(view) && view.members().map(m -> m.voters() == 4).orElse(false));
    assertEquals("d", grown.members().orElseThrow().byId(id).orElseThrow().name());
    assertRefused(Refusal.NOT_A_LEARNER, etcd.admin().promote(etcd.access(), id));
  }

  @Test
  void removesMembersAndNeverTwice() {
    etcd.found(version(), THREE);
    EtcdView before = etcd.await("well", EtcdAdminContract::allWell);
    long leader = status(endpoint(before, "a")).leaderId();
    untilOk("remove the leader", () -> etcd.admin().removeMember(etcd.access(), leader));
    EtcdView after =
        etcd.await(
            "two voters",
            view ->
                view.members().map(m -> m.voters() == 2).orElse(false)
                    && view.endpoints().stream().filter(Endpoint::well).count() == 2);
    assertTrue(after.members().orElseThrow().byId(leader).isEmpty());
    assertRefused(Refusal.MEMBER_NOT_FOUND, etcd.admin().removeMember(etcd.access(), leader));
  }

  @Test
  void aDeadVoterOfThreeBlocksALearnerUntilItIsRemoved() {
    etcd.found(version(), THREE);
    EtcdView before = etcd.await("well", EtcdAdminContract::allWell);
    long dead = status(endpoint(before, "b")).memberId();
    etcd.stop("b");
    etcd.await(
        "b missing", view -> endpoint(view, "b").status().isEmpty() && view.members().isPresent());
    assertRefused(Refusal.UNHEALTHY, etcd.admin().addLearner(etcd.access(), etcd.peerUrl("d")));
    untilOk("remove", () -> etcd.admin().removeMember(etcd.access(), dead));
    untilOk("add", () -> etcd.admin().addLearner(etcd.access(), etcd.peerUrl("d")));
  }

  @Test
  void movesTheLeader() {
    etcd.found(version(), THREE);
    EtcdView before = etcd.await("well", EtcdAdminContract::allWell);
    long leader = status(endpoint(before, "a")).leaderId();
    Member successor =
        before.members().orElseThrow().members().stream()
            .filter(m -> m.id() != leader)
            .findFirst()
            .orElseThrow();
    untilOk("move", () -> etcd.admin().moveLeader(etcd.access(), successor.id()));
    EtcdView after =
        etcd.await(
            "agreed",
            view ->
                allWell(view)
                    && view.endpoints().stream()
                        .allMatch(e -> status(e).leaderId() == successor.id()));
    assertTrue(
        status(endpoint(after, "a")).raft().term() > status(endpoint(before, "a")).raft().term());
    assertRefused(Refusal.BAD_TRANSFEREE, etcd.admin().moveLeader(etcd.access(), 1234));
  }

  @Test
  void tellsTheClusterWhereAMemberIs() {
    etcd.found(version(), THREE);
    EtcdView before = etcd.await("well", EtcdAdminContract::allWell);
    long id = status(endpoint(before, "c")).memberId();
    etcd.stop("c");
    untilOk("update", () -> etcd.admin().updatePeerUrl(etcd.access(), id, etcd.peerUrl("moved")));
    EtcdView after = etcd.await("list", view -> view.members().isPresent());
    assertEquals(
        List.of(etcd.peerUrl("moved")),
        after.members().orElseThrow().byId(id).orElseThrow().peerUrls());
    assertRefused(
        Refusal.MEMBER_NOT_FOUND,
        etcd.admin().updatePeerUrl(etcd.access(), 1234, etcd.peerUrl("elsewhere")));
  }

  @Test
  void nobodyThere() {
    etcd.found(version(), List.of("a"));
    etcd.await("well", EtcdAdminContract::allWell);
    etcd.stop("a");
    EtcdView view = etcd.observe();
    assertTrue(view.members().isEmpty());
    assertFalse(endpoint(view, "a").well());
    assertRefused(Refusal.UNREACHABLE, etcd.admin().promote(etcd.access(), 1));
    assertRefused(Refusal.NO_LEADER, etcd.admin().moveLeader(etcd.access(), 1));
  }

  private <T> T untilOk(String what, Supplier<EtcdResult<T>> call) {
    EtcdResult<?>[] last = new EtcdResult<?>[1];
    Object[] value = new Object[1];
    etcd.await(
        what,
        view -> {
          EtcdResult<T> result = call.get();
          last[0] = result;
          if (result instanceof Ok<T>(T got)) {
            value[0] = got;
            return true;
          }
          // An update may have happened without an answer; saying it again changes nothing.
          if (what.equals("update") && result instanceof EtcdResult.Unknown<T>) {
            return false;
          }
          // Members count as connected only after five seconds.
          assertTrue(
              result instanceof Refused<T> refused
                  && (refused.kind() == Refusal.UNHEALTHY
                      || refused.kind() == Refusal.LEARNER_NOT_READY),
              () -> what + ": " + result);
          return false;
        });
    assertInstanceOf(Ok.class, last[0]);
    @SuppressWarnings("unchecked")
    T got = (T) value[0];
    return got;
  }

  private static void assertRefused(Refusal kind, EtcdResult<?> result) {
    assertInstanceOf(Refused.class, result, result::toString);
    assertEquals(kind, ((Refused<?>) result).kind(), result::toString);
    assertNotEquals("", ((Refused<?>) result).text());
  }

  static boolean allWell(EtcdView view) {
    return view.endpoints().stream().allMatch(Endpoint::well)
        && view.endpoints().stream().map(e -> status(e).leaderId()).distinct().count() == 1;
  }

  static Endpoint endpoint(EtcdView view, String member) {
    return view.endpoint(name(member)).orElseThrow();
  }

  static MemberName name(String member) {
    return MemberName.of(member);
  }

  private static Status status(Endpoint endpoint) {
    return endpoint.status().orElseThrow();
  }
}
