package io.quorate.agent.converge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.etcd.DataCopy;
import io.quorate.agent.etcd.Members;
import io.quorate.agent.etcd.RealReleases;
import io.quorate.agent.etcd.TestSigner;
import io.quorate.agent.host.Access;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.common.error.Code;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.model.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What hosts prove about snapshots and data, with real etcd. */
class RealDataTest {
  @TempDir private Path root;
  private final RealReleases releases = new RealReleases();
  private final TestSigner signer =
      new TestSigner(InstantSource.system(), "127.0.0.1", "localhost");
  private Release release;
  private RealAgent agent;
  private MemberConfig member;

  @BeforeEach
  void begin() throws IOException {
    release = releases.get("3.5.30");
    agent = new RealAgent(root.resolve("one"), releases, signer);
    member =
        Members.one(
            "c1", "m1", Path.of("/data"), release, RealAgent.freePort(), RealAgent.freePort());
    agent.want(member);
    agent.converged();
    agent.await("identity", r -> !r.members().getFirst().data().memberId().isEmpty());
    put("a", "1");
  }

  @AfterEach
  void end() throws IOException {
    agent.close();
  }

  private void put(String key, String value) throws IOException {
    Path tls = agent.layout.tls(member.id().cluster());
    List<String> all = new ArrayList<>();
    all.add(agent.layout.release(member.id().cluster()).resolve("etcdctl").toString());
    all.add("--endpoints=" + member.endpoints().clientUrl());
    all.add("--cacert=" + tls.resolve("client-ca.crt"));
    all.add("--cert=" + tls.resolve("agent.crt"));
    all.add("--key=" + tls.resolve("agent.key"));
    all.addAll(List.of("put", key, value));
    Finished finished =
        agent.host.run(new Command(all, Map.of("ETCDCTL_API", "3"), Duration.ofSeconds(20)));
    assertTrue(finished.succeeded(), finished.toString());
  }

  @Test
  void aDrillPassesAndTellsWhatItFound() throws Exception {
    OperationOutcome saved = saved();
    OperationOutcome drill = drill("op-2", agent.uploaded("op-1"), expected(saved, 0));
    assertTrue(drill.succeeded(), drill.toString());
    assertEquals(saved.facts().get("revision"), drill.facts().get("revision"));
    assertEquals(saved.facts().get("live.keys"), drill.facts().get("keys"));
    assertEquals(saved.facts().get("live.hash"), drill.facts().get("hash"));
    nothingIsLeft();
  }

  /** It restores, and holds something else than the member did when it was saved. */
  @Test
  void aDrillFailsWhenContentIsMissing() throws Exception {
    OperationOutcome saved = saved();
    OperationOutcome drill = drill("op-2", agent.uploaded("op-1"), expected(saved, 1));
    assertEquals(Optional.of(Code.Q3505), drill.failure(), drill.toString());
    assertTrue(drill.sentence().contains("number of keys"), drill.toString());
    nothingIsLeft();
  }

  @Test
  void aDrillFailsWhenOneBitIsAnother() throws Exception {
    OperationOutcome saved = saved();
    Path altered = root.resolve("altered");
    byte[] bytes = Files.readAllBytes(agent.uploaded("op-1"));
    bytes[9000] ^= 4;
    Files.write(altered, bytes);
    OperationOutcome drill = drill("op-2", altered, expected(saved, 0));
    assertEquals(Optional.of(Code.Q3501), drill.failure(), drill.toString());
    nothingIsLeft();
  }

  /** Of a file from outside nothing is known before. */
  @Test
  void aDrillOfSomebodyElsesSnapshotTellsItsRevision() throws Exception {
    OperationOutcome saved = saved();
    OperationOutcome drill =
        drill("op-2", agent.uploaded("op-1"), new Operation.Expected(0, 0, 0, Optional.empty()));
    assertEquals(saved.facts().get("revision"), drill.facts().get("revision"), drill.toString());
  }

  @Test
  void aDirectoryThatIsInUseIsLeftAlone() throws Exception {
    OperationOutcome refused = salvage(agent, "op-2", "/data/c1");
    assertEquals(Optional.of(Code.Q3510), refused.failure(), refused.toString());
    assertTrue(refused.sentence().contains("an etcd runs"), refused.toString());
    OperationOutcome nothing = salvage(agent, "op-3", "/elsewhere");
    assertEquals(Optional.of(Code.Q3510), nothing.failure(), nothing.toString());
    nothingIsLeft();
  }

  @Test
  void aDirectoryBecomesASnapshotWithWhatIsInItsLog() throws Exception {
    for (int i = 0; i < 20; i++) {
      put("b" + i, "2");
    }
    agent.want(Members.accepting(member).withRun(MemberConfig.Run.STOPPED));
    agent.converged();
    agent.close();
    try (RealAgent other = new RealAgent(root.resolve("other"), releases, signer)) {
      Path found = other.layout.rooted(Path.of("/found"));
      other.host.makeDirectory(found, Access.closed(""));
      DataCopy.make(other.host, onDisk("/data/c1/member"), found.resolve("member"));
      DataCopy.make(other.host, onDisk("/data/c1-wal"), other.layout.rooted(Path.of("/found-wal")));
      OperationOutcome made = salvage(other, "op-4", "/found");
      assertTrue(made.succeeded(), made.toString());
      assertEquals("22", made.facts().get("revision"));
      Path file = other.uploaded("op-4");
      OperationOutcome drill =
          other.operate(
              "op-5",
              new Operation.DrillSnapshot(
                  member.id().cluster(),
                  releases.put(file),
                  Files.size(file),
                  release,
                  new Operation.Expected(22, 0, 0, Optional.empty())));
      assertEquals("21", drill.facts().get("keys"), drill.toString());
    }
  }

  private Path onDisk(String path) {
    return agent.layout.rooted(Path.of(path));
  }

  private OperationOutcome saved() throws Exception {
    OperationOutcome saved = agent.operate("op-1", new Operation.SaveSnapshot(member.id()));
    assertTrue(saved.succeeded(), saved.toString());
    return saved;
  }

  private OperationOutcome drill(String id, Path file, Operation.Expected expected)
      throws Exception {
    return agent.operate(
        id,
        new Operation.DrillSnapshot(
            member.id().cluster(), releases.put(file), Files.size(file), release, expected));
  }

  private OperationOutcome salvage(RealAgent by, String id, String data) throws Exception {
    return by.operate(id, new Operation.SalvageData(data, Optional.of(data + "-wal"), release));
  }

  private static Operation.Expected expected(OperationOutcome saved, long moreKeys) {
    return new Operation.Expected(
        number(saved, "revision"),
        number(saved, "keys"),
        number(saved, "hash"),
        Optional.of(
            new Operation.Live(
                number(saved, "live.keys") + moreKeys,
                number(saved, "live.hash"),
                number(saved, "live.compacted"))));
  }

  private static long number(OperationOutcome outcome, String fact) {
    return Long.parseLong(outcome.facts().get(fact));
  }

  /** Neither files nor a process. */
  private void nothingIsLeft() throws IOException {
    assertEquals(List.of(), agent.host.list(agent.layout.scratch()));
    for (long pid : agent.host.processes()) {
      String arguments = Path.of("/proc/" + pid + "/cmdline").toString();
      String line = Files.exists(Path.of(arguments)) ? Files.readString(Path.of(arguments)) : "";
      assertFalse(line.contains(agent.layout.scratch().toString()), line);
    }
  }
}
