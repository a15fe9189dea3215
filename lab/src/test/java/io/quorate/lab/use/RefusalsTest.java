package io.quorate.lab.use;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.lab.BrokenRelease;
import io.quorate.lab.Ran;
import io.quorate.lab.Releases;
import io.quorate.lab.fleet.Await;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What a change of a running cluster is refused for: a code, the cause, the state that it leaves
 * behind, a remedy; and no member is touched.
 */
@Execution(ExecutionMode.SAME_THREAD)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RefusalsTest {
  private static final String VERSION = "3.5.30";
  private static final String QUOTA = "{quota-backend-bytes: 4MiB}";
  private static final String LARGER = "{quota-backend-bytes: 64MiB}";
  private static final List<String> HOSTS = List.of("node-1", "node-2", "node-3");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private static Path directory;
  private static Loopback quorate;
  private static int clientPort;
  private static int smallPort;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(Releases.find(VERSION).isPresent(), Releases.missing(VERSION));
    quorate = new Loopback(directory);
    clientPort = Loopback.freePort();
    smallPort = Loopback.freePort();
    quorate.quorate("release", "add", Releases.require(VERSION).path().toString()).orThrow();
    for (String host : HOSTS) {
      quorate.agent(host);
    }
    apply(live(VERSION, QUOTA)).orThrow();
  }

  @AfterAll
  static void stop() {
    if (quorate != null) {
      quorate.close();
    }
  }

  @Test
  @Order(1)
  void anIllegalHop() throws IOException {
    refused(live("3.4.23", QUOTA), "Q3205", "snapshot restore");
    refused(live("3.5.2", QUOTA), "Q3202", "name a later 3.5");
    refused(live("3.7.2", QUOTA), "Q3207", "--ignore version.path");
  }

  @Test
  @Order(2)
  void aReleaseThatIsNotThereOrNotForThisMachine() throws IOException {
    refused(live("3.5.29", QUOTA), "Q1103", "quorate release add etcd-v3.5.29");
    assumeTrue(BrokenRelease.runsHere(), "the release for another machine is one for arm64");
    Path foreign = BrokenRelease.foreign(directory, "3.5.31");
    quorate.quorate("release", "add", foreign.toString()).orThrow();
    Ran missing = refused(live("3.5.31", QUOTA), "Q1103", "quorate release add etcd-v3.5.31");
    says(missing, "etcd 3.5.31 for amd64");
  }

  @Test
  @Order(3)
  void aSettingThatNobodyOrThisVersionDoesNotKnow() throws IOException {
    says(refused(live(VERSION, "{snapshot-cuont: 1}"), "Q1002"), "did you mean 'snapshot-count'");
    says(refused(live(VERSION, "{max-learners: 2}"), "Q3204"), "max-learners");
  }

  @Test
  @Order(4)
  void aClusterOfOneThatWouldBeInterrupted() throws IOException {
    apply(small("{snapshot-count: 5000}", "")).orThrow();
    List<Long> before = processes();
    Ran refused = apply(small("{snapshot-count: 6000}", ""));
    assertEquals(7, refused.exit(), () -> refused.out() + refused.err());
    says(refused, "Q3103", "allowDowntime: true", "nothing was changed");
    assertEquals(before, processes());
    apply(small("{snapshot-count: 6000}", "allowDowntime: true\n")).orThrow();
    quorate.quorate("delete", "small", "--confirm=small", "--timeout", "1m").orThrow();
  }

  @Test
  @Order(5)
  void anotherWishWhileOneIsUnderWay() throws IOException {
    String slow = live(VERSION, "{snapshot-count: 7000, quota-backend-bytes: 4MiB}");
    Ran begun =
        quorate.quorate(
            "apply",
            "-f",
            write(slow.replace("soak: 0s", "soak: 5m")).toString(),
            "--yes",
            "--detach");
    assertEquals(0, begun.exit(), begun::err);
    Await.until("it soaks", MINUTE, () -> holds("Q3005"), () -> rolloutStatus().encodePrettily());
    List<Long> before = processes();
    Ran second = apply(live(VERSION, QUOTA));
    assertEquals(6, second.exit(), second::err);
    says(second, "ERROR Q1307", "nothing was changed", "quorate rollout pause live");
    assertEquals(before, processes());
    quorate.quorate("rollout", "abort", "live", "--back").orThrow();
    settled();
  }

  @Test
  @Order(6)
  void aPlanThatIsNotTrueAnyMore() throws IOException {
    Ran planned =
        quorate.quorate(
            "plan", "-f", write(live(VERSION, "{snapshot-count: 8000}")).toString(), "-o", "json");
    String stale = new JsonObject(planned.out()).getString("id");
    apply(live(VERSION, QUOTA) + "backup: {every: 12h}\n").orThrow();
    List<Long> before = processes();
    Ran refused = quorate.quorate("apply", stale, "--yes");
    assertEquals(6, refused.exit(), refused::err);
    says(refused, "ERROR Q1305", "nothing was changed", "quorate plan -f");
    assertEquals(before, processes());
  }

  @Test
  @Order(7)
  void aFullDatabaseUntilItsOwnerSaysThatTheChangeIsToMendIt() throws IOException {
    apply(live(VERSION, QUOTA)).orThrow();
    Await.until(
        "an alarm is raised",
        MINUTE,
        () -> !put().succeeded() && quorate.quorate("status", "live").out().contains("Q2103"),
        () -> quorate.quorate("status", "live").out());
    refused(live(VERSION, LARGER), "Q3009", "--accept alarm.nospace");
    Path larger = write(live(VERSION, LARGER));
    List<Long> before = processes();
    quorate
        .quorate("apply", "-f", larger.toString(), "--yes", "--accept", "alarm.nospace")
        .orThrow();
    assertTrue(processes().stream().noneMatch(before::contains), "every member was restarted");
    etcdctl("alarm", "disarm").orThrow();
    put().orThrow();
    settled();
  }

  @Test
  @Order(8)
  void aClusterWithoutQuorum() throws IOException {
    quorate.lose("node-2");
    quorate.lose("node-3");
    Await.until(
        "it is known",
        MINUTE,
        () -> quorate.quorate("status", "live").out().contains("Q2101"),
        () -> quorate.quorate("status", "live").out());
    refused(live(VERSION, "{snapshot-count: 9000}"), "Q3102", "quorate status live");
  }

  // ---- the cluster ----

  private static String live(String version, String settings) {
    return """
    cluster: live
    version: %s
    members:
      - {name: etcd-1, host: node-1, address: 127.0.0.51}
      - {name: etcd-2, host: node-2, address: 127.0.0.52}
      - {name: etcd-3, host: node-3, address: 127.0.0.53}
    ports: {client: %d, peer: %d}
    rollout: {soak: 0s, maximumFsyncP99: 30s}
    etcd: %s
    """
        .formatted(version, clientPort, clientPort + 1, settings);
  }

  private static String small(String settings, String more) {
    return """
    cluster: small
    version: %s
    members:
      - {name: etcd-1, host: node-1, address: 127.0.0.51}
    ports: {client: %d, peer: %d}
    rollout: {soak: 0s, maximumFsyncP99: 30s}
    etcd: %s
    %s"""
        .formatted(VERSION, smallPort, smallPort + 1, settings, more);
  }

  private static Path write(String file) throws IOException {
    return quorate.write("cluster.yaml", file);
  }

  private static Ran apply(String file) throws IOException {
    return quorate.quorate("apply", "-f", write(file).toString(), "--yes", "--timeout", "2m");
  }

  /** Nothing is done, every member runs on, and it is said what to do. */
  private static Ran refused(String file, String code, String... words) throws IOException {
    List<Long> before = processes();
    Ran ran = apply(file);
    assertNotEquals(0, ran.exit(), ran::out);
    says(ran, code);
    says(ran, words);
    // What is wrong in the file itself was found before anybody was asked.
    if (!ran.err().contains("cluster.yaml: ")) {
      says(ran, "nothing was changed", "remedy:");
    }
    assertEquals(before, processes());
    return ran;
  }

  private static List<Long> processes() {
    List<Long> all = new ArrayList<>();
    HOSTS.forEach(host -> quorate.members(host).forEach(p -> all.add(p.pid())));
    return all.stream().sorted().toList();
  }

  private static Ran etcdctl(String... words) {
    return quorate.etcdctl("live", "127.0.0.51", clientPort, words);
  }

  private static Ran put() {
    return etcdctl("put", "--command-timeout=10s", "key", "v".repeat(100_000));
  }

  private static JsonObject rolloutStatus() {
    return new JsonObject(quorate.quorate("rollout", "status", "live", "-o", "json").out());
  }

  private static boolean holds(String code) {
    return rolloutStatus().getJsonArray("holds").encode().contains(code);
  }

  private static void settled() {
    Await.until(
        "the newest revision is in place",
        MINUTE,
        () -> {
          JsonObject now = new JsonObject(quorate.quorate("status", "live", "-o", "json").out());
          return now.getLong("revision").equals(now.getLong("appliedRevision"));
        },
        () -> quorate.quorate("status", "live").out());
  }

  private static void says(Ran ran, String... words) {
    for (String word : words) {
      assertTrue(ran.err().contains(word), () -> word + " is not in: " + ran.err() + ran.out());
    }
  }
}
