package io.quorate.agent.operate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.converge.MemoryAgent;
import io.quorate.agent.etcd.Members;
import io.quorate.agent.release.Archives;
import io.quorate.common.error.Code;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberConfig.Run;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.model.Release;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operations refuse, and what they answer, on a host in memory. */
class OperationsTest {
  private final MemoryAgent agent = new MemoryAgent();
  private MemberConfig member;

  @BeforeEach
  void aRunningMember() {
    Release release = agent.blobs.add("3.5.16", Archives.release("3.5.16"));
    member = Members.one("prod", "etcd-1", Path.of("/data"), release, 2379, 2380);
    agent.want(member);
    agent.converge();
  }

  private void stopped() {
    agent.want(member.withRun(Run.STOPPED));
    agent.converge();
  }

  private OperationOutcome export(String lineage) {
    return agent.operate("op-1", new Operation.ExportData(member.id(), lineage));
  }

  // ---- packing data ----

  @Test
  void dataThatIsInUseIsNotPacked() {
    assertEquals(Optional.of(Code.Q3602), export("token-1").failure());
    assertTrue(agent.uploads.isEmpty());
  }

  @Test
  void anotherLineagesDataIsNotPacked() {
    stopped();
    assertEquals(Optional.of(Code.Q2013), export("token-2").failure());
  }

  @Test
  void halfOfTheDataIsNotPacked() {
    stopped();
    agent.host.removeTree(Path.of("/q/data/prod-wal/wal"));
    assertEquals(Optional.of(Code.Q2013), export("token-1").failure());
  }

  @Test
  void theSameDataIsTheSameArchiveEachTime() {
    stopped();
    OperationOutcome one = export("token-1");
    byte[] first = agent.uploads.get("op-1");
    OperationOutcome two = export("token-1");
    assertEquals(one.facts(), two.facts());
    assertArrayEquals(first, agent.uploads.get("op-1"));
  }

  @Test
  void packingLeavesTheDataWhereItIs() {
    stopped();
    List<Path> before = agent.host.tree().stream().filter(p -> p.startsWith("/q/data")).toList();
    assertTrue(export("token-1").succeeded());
    assertEquals(before, agent.host.tree().stream().filter(p -> p.startsWith("/q/data")).toList());
  }

  @Test
  void aFullDiskIsSaidBeforeAnythingIsPacked() {
    stopped();
    agent.host.setFreeBytes(1 << 20);
    assertEquals(Optional.of(Code.Q2014), export("token-1").failure());
  }

  // ---- snapshots ----

  @Test
  void aSnapshotThatEtcdctlDidNotSaveIsNone() {
    OperationOutcome outcome = agent.operate("op-2", new Operation.SaveSnapshot(member.id()));
    assertEquals(Optional.of(Code.Q3504), outcome.failure());
    assertTrue(outcome.sentence().contains("saves nothing"), outcome.sentence());
    assertTrue(agent.uploads.isEmpty());
  }

  @Test
  void aSnapshotThatDoesNotFitIsNotBegun() {
    agent.host.setFreeBytes(1 << 20);
    assertEquals(
        Optional.of(Code.Q2014),
        agent.operate("op-2", new Operation.SaveSnapshot(member.id())).failure());
  }

  @Test
  void aMemberThatIsNotHereIsNamed() {
    MemberConfig other =
        Members.one("other", "etcd-9", Path.of("/data"), member.releases().running(), 3379, 3380);
    assertEquals(
        Optional.of(Code.Q2002),
        agent.operate("op-2", new Operation.SaveSnapshot(other.id())).failure());
  }

  // ---- looking at the host ----

  private OperationOutcome check(MemberConfig wanted) {
    return agent.operate("op-3", new Operation.CheckHost(List.of(wanted)));
  }

  private MemberConfig another(String directory) {
    return Members.one(
        "other", "etcd-9", Path.of(directory), member.releases().running(), 3379, 3380);
  }

  @Test
  void nothingStandsInTheWayOfItsOwnMember() {
    Map<String, String> facts = check(member).facts();
    assertTrue(facts.values().stream().allMatch(f -> f.startsWith("PASS")), facts::toString);
  }

  @Test
  void everythingThatStandsInTheWayIsSaidAtOnce() {
    agent.host.takePort(3379);
    agent.host.setFreeBytes(1 << 20);
    Map<String, String> facts = check(another("/data")).facts();
    assertTrue(facts.getOrDefault("port.client", "").startsWith("FAIL Q2010"), facts::toString);
    assertTrue(facts.getOrDefault("port.peer", "").startsWith("PASS"), facts::toString);
    assertTrue(facts.getOrDefault("space.data", "").startsWith("FAIL Q2014"), facts::toString);
  }

  @Test
  void dataOfAnotherLineageIsInTheWay() {
    stopped();
    MemberConfig stranger = Members.data(member, "token-9", member.data().seed());
    Map<String, String> facts = check(stranger).facts();
    assertTrue(facts.getOrDefault("directory.data", "").startsWith("FAIL Q2012"), facts::toString);
  }

  @Test
  void lookingChangesNothing() {
    long before = agent.host.mutations();
    OperationOutcome unused = check(another("/elsewhere"));
    assertEquals(before, agent.host.mutations());
  }

  // ---- logs ----

  @Test
  void theLastLinesOfALog() {
    agent.services.crash(member.id().cluster(), 1, "one", "two", "three");
    OperationOutcome outcome =
        agent.operate("op-4", new Operation.ReadLog(member.id().cluster(), 2));
    assertEquals("two\nthree", outcome.facts().get("log"));
  }
}
