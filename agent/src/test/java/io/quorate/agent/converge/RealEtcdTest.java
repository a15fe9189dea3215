package io.quorate.agent.converge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.etcd.Members;
import io.quorate.agent.etcd.RealReleases;
import io.quorate.agent.etcd.TestSigner;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.HostReport.UnitState;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.model.Release;
import io.quorate.common.model.Seed;
import io.quorate.common.model.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One member, real etcd, supervised: what an operator would see. */
class RealEtcdTest {
  private static final String VERSION = "3.5.30";

  @TempDir private Path root;
  private final RealReleases releases = new RealReleases();
  private volatile Duration age = Duration.ZERO;
  private final TestSigner signer =
      new TestSigner(() -> Instant.now().minus(age), "127.0.0.1", "localhost");
  private Release release;
  private RealAgent agent;
  private MemberConfig member;

  @BeforeEach
  void begin() throws IOException {
    release = releases.get(VERSION);
    agent = new RealAgent(root, releases, signer);
    member =
        Members.one(
            "c1", "m1", root.resolve("data"), release, RealAgent.freePort(), RealAgent.freePort());
  }

  @AfterEach
  void end() throws IOException {
    if (agent != null) {
      agent.close();
    }
  }

  private HostReport.Member identified() {
    return agent.await(
        "identity", report -> !report.members().getFirst().data().memberId().isEmpty());
  }

  private String etcdctl(String... arguments) throws IOException {
    Path tls = agent.layout.tls(member.id().cluster());
    List<String> all = new ArrayList<>();
    all.add(agent.layout.release(member.id().cluster()).resolve("etcdctl").toString());
    all.add("--endpoints=" + member.endpoints().clientUrl());
    all.add("--cacert=" + tls.resolve("client-ca.crt"));
    all.add("--cert=" + tls.resolve("agent.crt"));
    all.add("--key=" + tls.resolve("agent.key"));
    all.addAll(List.of(arguments));
    Finished finished =
        agent.host.run(new Command(all, Map.of("ETCDCTL_API", "3"), Duration.ofSeconds(20)));
    assertTrue(finished.succeeded(), finished.toString());
    return finished.output();
  }

  @Test
  void foundsAMemberAndReportsIt() throws IOException {
    agent.want(member);
    agent.converged();
    HostReport.Member report = identified();
    assertEquals(UnitState.RUNNING, report.unit().state());
    assertTrue(report.unit().enabled());
    assertEquals(VERSION, report.unit().running().executableVersion());
    assertEquals(member.fingerprint(), report.unit().running().fingerprint());
    assertEquals("token-1", report.data().lineage());
    assertEquals(3, report.certificates().size());
    assertEquals(List.of(), report.problems());
    assertEquals(List.of(), report.drifts());
    etcdctl("put", "a", "1");
    assertEquals(List.of(release.sha256()), report.ready().stagedReleases());
  }

  @Test
  void aNewDocumentRestartsAndTheSameDoesNot() throws IOException {
    agent.want(member);
    long first = agent.converged().unit().running().pid();
    agent.want(member);
    assertEquals(first, agent.converged().unit().running().pid());
    Map<String, Setting> settings = new TreeMap<>(member.settings());
    settings.put("snapshot-count", new Setting.Whole(5000));
    MemberConfig changed = member.withSettings(settings);
    agent.want(changed);
    HostReport.Member refused =
        agent.await("a refusal", report -> !report.members().getFirst().problems().isEmpty());
    assertEquals(Code.Q2019, refused.problems().getFirst().code(), refused.toString());
    assertEquals(first, refused.unit().running().pid());
    agent.want(Members.accepting(changed));
    HostReport.Member report = agent.converged();
    assertNotEquals(first, report.unit().running().pid());
    assertEquals(changed.fingerprint(), report.unit().running().fingerprint());
  }

  /** It serves: the quorum that was given up for lost is there. */
  @Test
  void aRecoveryDoesNotStopWhatServesAndIsNeeded() throws IOException {
    agent.want(member);
    long first = agent.converged().unit().running().pid();
    agent.want(Members.recovering(member.withRun(MemberConfig.Run.STOPPED)));
    HostReport.Member kept =
        agent.await("a refusal", r -> !r.members().getFirst().problems().isEmpty());
    assertEquals(Code.Q2019, kept.problems().getFirst().code(), kept.toString());
    assertEquals(first, kept.unit().running().pid());
  }

  /** Certificates of ninety days that are sixty-one days old as soon as they are made. */
  @Test
  void ageingCertificatesAreRenewedWithoutARestart() throws Exception {
    age = Duration.ofDays(61);
    agent.want(member);
    HostReport.Member before =
        agent.await(
            "it runs", report -> report.members().getFirst().unit().state() == UnitState.RUNNING);
    assertTrue(end(before).isBefore(Instant.now().plus(Duration.ofDays(30))), before.toString());
    Instant old = shown().getNotAfter().toInstant();

    age = Duration.ZERO;
    HostReport.Member after = agent.converged();
    assertTrue(end(after).isAfter(Instant.now().plus(Duration.ofDays(80))), after.toString());
    assertTrue(shown().getNotAfter().toInstant().isAfter(old.plus(Duration.ofDays(50))));
    assertEquals(before.unit().running().pid(), after.unit().running().pid());
    etcdctl("put", "a", "1");
  }

  private static Instant end(HostReport.Member report) {
    return report.certificates().stream()
        .map(HostReport.Certificate::notAfter)
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** The certificate that etcd shows in a handshake now. */
  private X509Certificate shown() throws Exception {
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    Path authority = agent.layout.tls(member.id().cluster()).resolve("client-ca.crt");
    try (InputStream in = Files.newInputStream(authority)) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trust.getTrustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(member.endpoints().address(), member.endpoints().clientPort())) {
      socket.setSoTimeout(10_000);
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  @Test
  void anAgentRestartLeavesEtcdAlone() throws IOException {
    agent.want(member);
    long pid = agent.converged().unit().running().pid();
    agent.restartAgent();
    HostReport.Member report = agent.converged();
    assertEquals(pid, report.unit().running().pid());
    assertEquals(List.of(), report.drifts());
  }

  @Test
  void refusesASettingThatThisEtcdDoesNotKnow() {
    Map<String, Setting> settings = new TreeMap<>(member.settings());
    settings.put("max-learners", new Setting.Whole(2));
    agent.want(member.withSettings(settings));
    HostReport.Member report =
        agent.await("a refusal", it -> !it.members().getFirst().problems().isEmpty());
    assertEquals(Code.Q2016, report.problems().getFirst().code());
    assertEquals(0, report.unit().running().pid());
  }

  @Test
  void savesASnapshotAndRestoresItAsANewLineage() throws Exception {
    agent.want(member);
    agent.converged();
    identified();
    etcdctl("put", "a", "1");
    OperationOutcome saved = agent.operate("op-1", new Operation.SaveSnapshot(member.id()));
    assertTrue(saved.succeeded(), saved.toString());
    assertEquals("2", saved.facts().get("revision"));
    assertEquals(saved, agent.operate("op-1", new Operation.SaveSnapshot(member.id())));
    OperationOutcome other = agent.operate("op-1", new Operation.ReadLog(member.id().cluster(), 1));
    assertEquals(Optional.of(Code.Q2004), other.failure());
    etcdctl("put", "a", "2");
    String before = identified().data().clusterId();

    long size = Files.size(agent.uploaded("op-1"));
    String sha256 = releases.put(agent.uploaded("op-1"));
    MemberConfig.Formation formation =
        new MemberConfig.Formation(member.formation().initialMembers(), false, "token-2");
    Seed seed = new Seed.Snapshot(sha256, size, 1000, true, false);
    MemberConfig restored =
        Members.accepting(Members.data(member, "token-2", seed, "token-1"))
            .withFormation(formation);
    agent.want(restored.withRun(MemberConfig.Run.PREPARED));
    HostReport.Member prepared = agent.converged();
    assertEquals("token-2", prepared.data().lineage());
    assertEquals(2, prepared.data().setAside().size(), prepared.toString());
    agent.want(restored);
    agent.converged();
    HostReport.Member report = identified();
    assertNotEquals(before, report.data().clusterId());
    assertTrue(etcdctl("get", "a").endsWith("1\n"));

    OperationOutcome drill =
        agent.operate(
            "op-2",
            new Operation.DrillSnapshot(
                member.id().cluster(), sha256, size, release, expected(saved.facts())));
    assertTrue(drill.succeeded(), drill.toString());
  }

  private static Operation.Expected expected(java.util.Map<String, String> facts) {
    return new Operation.Expected(
        number(facts, "revision"),
        number(facts, "keys"),
        number(facts, "hash"),
        java.util.Optional.of(
            new Operation.Live(
                number(facts, "live.keys"),
                number(facts, "live.hash"),
                number(facts, "live.compacted"))));
  }

  private static long number(java.util.Map<String, String> facts, String name) {
    return Long.parseLong(facts.get(name));
  }

  @Test
  void movesDataToAnotherDirectoryThroughAnExport() throws Exception {
    agent.want(member);
    agent.converged();
    String id = identified().data().memberId();
    etcdctl("put", "a", "1");
    MemberConfig stopped = Members.accepting(member).withRun(MemberConfig.Run.STOPPED);
    agent.want(stopped);
    HostReport.Member down = agent.converged();
    assertEquals(UnitState.STOPPED, down.unit().state());
    assertFalse(down.unit().enabled());
    OperationOutcome packed =
        agent.operate("op-3", new Operation.ExportData(member.id(), "token-1"));
    assertTrue(packed.succeeded(), packed.toString());
    agent.want(stopped.withRun(MemberConfig.Run.RETIRED));
    HostReport.Member retired = agent.converged();
    assertEquals(2, retired.data().setAside().size());
    assertEquals(UnitState.ABSENT, retired.unit().state());
    assertFalse(Files.exists(agent.layout.directory(member.id().cluster())));

    try (RealAgent other = new RealAgent(root.resolve("other"), releases, signer)) {
      MemberConfig there =
          Members.data(
              Members.one(
                  "c1",
                  "m1",
                  root.resolve("other/data"),
                  release,
                  member.endpoints().clientPort(),
                  member.endpoints().peerPort()),
              "token-1",
              new Seed.Copy(
                  releases.put(agent.uploaded("op-3")), Files.size(agent.uploaded("op-3"))));
      other.want(there);
      other.converged();
      HostReport.Member report =
          other.await("identity", it -> !it.members().getFirst().data().memberId().isEmpty());
      assertEquals(id, report.data().memberId());
    }
  }

  /** Where the document's data directory lies for an agent with a root of its own. */
  private Path onDisk() {
    return agent.layout.rooted(Path.of(member.directories().data()));
  }

  @Test
  void neverStartsEmptyWhereDataWas() throws IOException {
    agent.want(member);
    agent.converged();
    identified();
    MemberConfig stopped = Members.accepting(member).withRun(MemberConfig.Run.STOPPED);
    agent.want(stopped);
    agent.converged();
    Files.move(onDisk(), root.resolve("taken-away"));
    agent.want(member);
    HostReport.Member report =
        agent.await("a refusal", it -> !it.members().getFirst().problems().isEmpty());
    assertEquals(Code.Q2013, report.problems().getFirst().code(), report.toString());
    assertEquals(UnitState.STOPPED, report.unit().state());
    Files.move(root.resolve("taken-away"), onDisk());
    agent.want(Members.restarted(member, 1));
    agent.converged();
  }

  @Test
  void checksAHost() throws Exception {
    OperationOutcome free = agent.operate("op-1", new Operation.CheckHost(List.of(member)));
    assertTrue(
        free.facts().values().stream().noneMatch(it -> it.startsWith("FAIL")), free.toString());
    Files.createDirectories(onDisk());
    Files.writeString(onDisk().resolve("note"), "mine");
    OperationOutcome taken = agent.operate("op-2", new Operation.CheckHost(List.of(member)));
    assertTrue(taken.facts().getOrDefault("directory.data", "").startsWith("FAIL Q2011"));
  }

  @Test
  void aDiskTooSmallForACopyIsFoundBeforehand() throws Exception {
    long free = Files.getFileStore(root).getTotalSpace();
    String digest = "0".repeat(64);
    assertTrue(roomFor("op-1", new Seed.Copy(digest, 1L << 20)).startsWith("PASS"));
    String refused = roomFor("op-2", new Seed.Copy(digest, free));
    assertTrue(refused.startsWith("FAIL Q2014 "), refused);
    assertTrue(refused.contains("MiB are needed at"), refused);
  }

  private String roomFor(String operation, Seed.Copy copy) throws Exception {
    MemberConfig moved = Members.data(member, "token-1", copy);
    return agent
        .operate(operation, new Operation.CheckHost(List.of(moved)))
        .facts()
        .getOrDefault("copy.space", "");
  }

  @Test
  void aSurvivorBecomesAClusterOfOne() throws Exception {
    agent.want(Members.founded(member, Map.of("m1", member.endpoints().peerUrl())));
    agent.converged();
    identified();
    etcdctl("put", "a", "1");
    etcdctl("member", "add", "m2", "--learner", "--peer-urls=https://127.0.0.1:1");
    MemberConfig forced =
        Members.accepting(Members.data(member, "token-2", new Seed.Forced("token-1"), "token-1"));
    agent.want(forced.withRun(MemberConfig.Run.PREPARED));
    agent.converged();
    agent.want(forced);
    HostReport.Member report = agent.converged();
    assertEquals("token-2", report.data().lineage());
    assertEquals(forced.fingerprint(), report.unit().running().fingerprint());
    identified();
    assertEquals(1, etcdctl("member", "list").lines().count());
    assertTrue(etcdctl("get", "a").endsWith("1\n"));
  }
}
