package io.quorate.agent.converge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.etcd.Members;
import io.quorate.agent.release.Archives;
import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberConfig.Run;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.model.Release;
import io.quorate.common.model.Seed;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent refuses or keeps, whatever it is told. */
class FloorTest {
  private static final byte[] OLD = Archives.release("3.5.16");

  private final MemoryAgent agent = new MemoryAgent();
  private MemberConfig member;

  @BeforeEach
  void aRunningMember() {
    Release release = agent.blobs.add("3.5.16", OLD);
    member = Members.one("prod", "etcd-1", Path.of("/data"), release, 2379, 2380);
    agent.want(member);
    agent.converge();
  }

  private static Code refusal(Runnable deed) {
    return assertThrows(QuorateException.class, deed::run).problem().code();
  }

  private HostConfig document(long epoch, long generation, MemberConfig... members) {
    return new HostConfig(epoch, generation, List.of(members), 2);
  }

  // ---- older documents ----

  @Test
  void aLowerGenerationIsRefusedAlsoAfterARestartOfTheAgent() {
    agent.want(member);
    for (int life = 0; life < 2; life++) {
      HostConfig older = document(1, agent.generation() - 1, member.withRun(Run.STOPPED));
      assertEquals(Code.Q2001, refusal(() -> agent.accept(older)));
      agent.begin();
    }
    assertEquals(List.of(), agent.calls("stop"));
  }

  @Test
  void aLowerEpochIsRefusedWhateverItsGenerationAlsoAfterARestartOfTheAgent() {
    agent.epoch(5);
    agent.want(member);
    for (int life = 0; life < 2; life++) {
      HostConfig older = document(4, agent.generation() + 9, member.withRun(Run.STOPPED));
      assertEquals(Code.Q2001, refusal(() -> agent.accept(older)));
      agent.begin();
    }
  }

  @Test
  void anotherDocumentUnderTheSameGenerationIsSomebodyElses() {
    HostConfig other = document(1, agent.generation(), member.withRun(Run.STOPPED));
    assertEquals(Code.Q2001, refusal(() -> agent.accept(other)));
  }

  @Test
  void anOperationOfALowerEpochIsRefused() {
    agent.epoch(5);
    agent.want(member);
    Operation old =
        new Operation("op-1", 4, Instant.MAX, new Operation.ReadLog(member.id().cluster(), 5));
    assertEquals(Code.Q2001, refusal(() -> agent.journal().admit(old)));
  }

  @Test
  void anOperationIsDoneOnceAndItsIdMeansOneThing() {
    Operation one =
        new Operation("op-1", 1, Instant.MAX, new Operation.ReadLog(member.id().cluster(), 5));
    OperationOutcome outcome =
        new OperationOutcome("op-1", 1, Optional.empty(), "done", new java.util.TreeMap<>());
    agent.journal().done(one, outcome);
    agent.begin();
    assertEquals(Optional.of(outcome), agent.journal().admit(one));
    Operation other =
        new Operation("op-1", 1, Instant.MAX, new Operation.ReadLog(member.id().cluster(), 6));
    assertEquals(Code.Q2004, refusal(() -> agent.journal().admit(other)));
  }

  // ---- recoveries ----

  @Test
  void forARecoveryNothingIsStoppedThatIsNeededAfterAll() {
    agent.othersHoldQuorum(false);
    agent.want(Members.recovering(member.withRun(Run.STOPPED)));
    agent.turns(20);
    assertEquals(List.of(Code.Q2019), agent.problems());
    assertEquals(List.of(), agent.calls("stop"));
    // Its owner has accepted that something else runs in its place.
    agent.want(Members.accepting(member.withRun(Run.STOPPED)));
    agent.converge();
    assertEquals(1, agent.calls("stop").size());
  }

  /** Its cluster may have served while the coordinator, which wants to recover it, was away. */
  @Test
  void forARecoveryNothingIsStoppedThatWasStartedWithoutTheCoordinator() {
    agent.journal().remember(member.id().cluster(), it -> it.withAlone(member.data().lineage()));
    for (Run run : List.of(Run.STOPPED, Run.PREPARED)) {
      agent.want(Members.recovering(member.withRun(run)));
      agent.turns(20);
      assertEquals(List.of(Code.Q2026), agent.problems());
      agent.begin();
      agent.tell();
      agent.turns(20);
      assertEquals(List.of(Code.Q2026), agent.problems(), "also after a restart of the agent");
      assertEquals(List.of(), agent.calls("stop"));
    }
    // The coordinator has seen it run, and wants it to: whatever comes later, it has been told.
    agent.want(member);
    agent.converge();
    agent.want(Members.recovering(member.withRun(Run.STOPPED)));
    agent.converge();
    assertEquals(1, agent.calls("stop").size());
  }

  // ---- releases ----

  @Test
  void aReleaseOfAnotherDigestNeverRuns() {
    Release wrong = Archives.describe("3.5.30", Archives.release("3.5.30"));
    agent.blobs.put(wrong.sha256(), Archives.release("3.5.29"));
    agent.want(member.withReleases(new MemberConfig.Releases(wrong, List.of(wrong))));
    agent.turns(20);
    assertEquals(List.of(Code.Q2015), agent.problems());
    assertEquals(List.of(), agent.calls("restart"));
    assertEquals("3.5.16", agent.report().unit().running().executableVersion());
  }

  @Test
  void anExecutableThatWasChangedOnDiskIsNotStarted() {
    agent.want(member.withRun(Run.STOPPED));
    agent.converge();
    Path etcd =
        agent.host.tree().stream()
            .filter(p -> p.endsWith("etcd") && p.startsWith("/q/releases"))
            .findFirst()
            .orElseThrow();
    agent.host.edit(etcd, "something else");
    agent.want(member);
    agent.converge();
    assertEquals("3.5.16", agent.report().unit().running().executableVersion());
  }

  // ---- quorum ----

  @Test
  void theOthersAreAskedBeforeAVoterStops() {
    agent.othersHoldQuorum(false);
    long process = agent.report().unit().running().pid();
    for (MemberConfig wish :
        List.of(
            Members.restarted(member, 1),
            member.withRun(Run.STOPPED),
            member.withRun(Run.RETIRED),
            Members.data(member, "member-7", new Seed.Empty(), "token-1"))) {
      agent.want(wish);
      agent.turns(10);
      assertEquals(List.of(Code.Q2019), agent.problems(), wish.conduct().run().name());
      assertEquals(process, agent.report().unit().running().pid());
    }
    assertEquals(List.of(), agent.calls("stop"));
    assertEquals(List.of(), agent.calls("restart"));
  }

  @Test
  void andBeforeTheFirstFileIsWritten() {
    Path yaml = agent.layout.etcdYaml(member.id().cluster());
    String before = text(yaml);
    agent.othersHoldQuorum(false);
    agent.want(
        member.withSettings(
            java.util.Map.of(
                "quota-backend-bytes", new io.quorate.common.model.Setting.Whole(1L << 31))));
    agent.turns(10);
    assertEquals(before, text(yaml));
    agent.othersHoldQuorum(true);
    agent.converge();
    assertTrue(!before.equals(text(yaml)));
    assertEquals(1, agent.calls("restart").size());
  }

  @Test
  void theOwnersAcceptanceIsAWordInTheDocument() {
    agent.othersHoldQuorum(false);
    agent.want(Members.accepting(Members.restarted(member, 1)));
    agent.converge();
    assertEquals(1, agent.calls("restart").size());
    assertEquals(List.of(), agent.asked);
  }

  private String text(Path file) {
    try {
      return agent.host.text(file).orElse("");
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  // ---- data ----

  private List<Path> databases() {
    return agent.host.tree().stream().filter(p -> p.endsWith("db")).toList();
  }

  @Test
  void dataIsNeverDeletedWhateverIsAsked() {
    agent.want(Members.data(member, "member-1", new Seed.Empty(), "token-1"));
    agent.converge();
    agent.turns(2);
    agent.want(Members.data(member, "member-2", new Seed.Empty(), "token-1", "member-1"));
    agent.converge();
    agent.turns(2);
    agent.want(Members.data(member, "member-2", new Seed.Empty(), "token-1").withRun(Run.RETIRED));
    agent.converge();
    agent.want();
    agent.turns(3);
    assertEquals(3, databases().size(), databases()::toString);
    assertEquals(3, agent.host.tree().stream().filter(p -> p.endsWith("0.wal")).count());
  }

  @Test
  void dataOfAnUnnamedLineageIsLeftAlone() {
    agent.want(Members.data(member, "member-9", new Seed.Empty()));
    agent.turns(5);
    assertEquals(List.of(Code.Q2012), agent.problems());
    assertEquals("token-1", agent.report().data().lineage());
    assertEquals(List.of(), agent.calls("stop"));
  }

  @Test
  void aMemberWhoseDataIsGoneDoesNotBeginAgain() {
    agent.want(member.withRun(Run.STOPPED));
    agent.converge();
    agent.host.removeTree(Path.of("/q/data/prod"));
    agent.host.removeTree(Path.of("/q/data/prod-wal"));
    agent.want(member);
    agent.turns(10);
    assertEquals(List.of(Code.Q2013), agent.problems());
    assertEquals(1, agent.calls("start").size());
  }

  @Test
  void aMemberComesBackFromAMoveWithItsDataAndNeverWithoutIt() {
    agent.want(member.withRun(Run.STOPPED));
    agent.converge();
    OperationOutcome packed =
        agent.operate("op-1", new Operation.ExportData(member.id(), "token-1"));
    assertTrue(packed.succeeded(), packed::sentence);
    agent.want(member.withRun(Run.RETIRED));
    agent.converge();
    agent.want();
    agent.turns(2);

    agent.want(Members.data(member, "pending-etcd-1", new Seed.Empty()).withRun(Run.PREPARED));
    agent.converge();
    byte[] archive = Objects.requireNonNull(agent.uploads.get("op-1"));
    String sha256 = packed.facts().getOrDefault("sha256", "");
    agent.blobs.put(sha256, archive);
    MemberConfig back = Members.data(member, "token-1", new Seed.Copy(sha256, archive.length));
    agent.want(back);
    agent.converge();
    assertEquals(2, agent.calls("start").size());

    // The same copy a second time would be older than what the member has said since.
    agent.want(back.withRun(Run.STOPPED));
    agent.converge();
    agent.host.removeTree(Path.of("/q/data/prod"));
    agent.host.removeTree(Path.of("/q/data/prod-wal"));
    agent.want(back);
    agent.turns(10);
    assertEquals(List.of(Code.Q2013), agent.problems());
    assertEquals(2, agent.calls("start").size());
  }

  @Test
  void afterAMoveAwayItNeverStartsEmpty() {
    agent.want(member.withRun(Run.RETIRED));
    agent.converge();
    agent.want(member);
    agent.turns(10);
    assertEquals(List.of(Code.Q2013), agent.problems());
    assertEquals(1, agent.calls("start").size());
  }

  // ---- what nobody asked for ----

  @Test
  void theAgentsOwnEndAndBeginningTouchNothing() {
    HostReport.Running before = agent.report().unit().running();
    for (int life = 0; life < 3; life++) {
      agent.begin();
      agent.turns(5);
    }
    assertEquals(before, agent.report().unit().running());
    assertEquals(1, agent.services.calls().stream().filter(c -> !c.startsWith("enable")).count());
  }

  @Test
  void whatTheDocumentDoesNotNameRunsOn() {
    agent.want();
    agent.turns(5);
    assertTrue(agent.host.processes().size() == 1);
    assertEquals(List.of(), agent.calls("stop"));
  }

  @Test
  void anEtcdThatCannotStayUpIsNotStartedInAStorm() {
    agent.services.crash(member.id().cluster(), 1, "panic: again");
    for (int turn = 0; turn < 240; turn++) {
      agent.turn();
      if (!agent.host.processes().isEmpty()) {
        agent.services.crash(member.id().cluster(), 1, "panic: again");
      }
    }
    assertEquals(List.of(Code.Q2023), agent.problems());
    assertTrue(agent.calls("start").size() < 8, agent.calls("start")::toString);
  }
}
