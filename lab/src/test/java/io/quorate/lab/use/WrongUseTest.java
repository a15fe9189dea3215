package io.quorate.lab.use;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.lab.Commands;
import io.quorate.lab.Ran;
import io.quorate.lab.Releases;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What wrong use gets: a code, a place where there is one, a remedy, and nothing half done. */
@Execution(ExecutionMode.SAME_THREAD)
class WrongUseTest {
  private static final String VERSION = "3.5.30";
  private static final List<String> HOSTS = List.of("node-1", "node-2", "node-3");

  @TempDir private static Path directory;
  private static Loopback quorate;
  private static int clientPort;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(Releases.find(VERSION).isPresent(), Releases.missing(VERSION));
    quorate = new Loopback(directory);
    clientPort = Loopback.freePort();
    quorate.quorate("release", "add", Releases.require(VERSION).path().toString()).orThrow();
    for (String host : HOSTS) {
      quorate.agent(host);
    }
  }

  @AfterAll
  static void stop() {
    if (quorate != null) {
      quorate.close();
    }
  }

  @Test
  void aWrongFileIsRefusedWithEveryPlaceInIt() throws IOException {
    String file =
        """
        cluster: Prod
        version: 3.5.30
        versoin: 3
        members:
          - {name: etcd-1, host: node-1, address: 127.0.0.41}
          - {name: etcd-2, host: node-2, address: 127.0.0.41}
        ports: {client: many, peer: 2380}
        ports: {client: 1, peer: 2}
        """;
    Ran refused = refused(file, 1, "Q1006");
    says(refused, ":1:10 Q1006", ":3:1 Q1002", "did you mean 'version'", ":5:3 Q1009");
    says(refused, ":6:34 Q1008", ":7:17 Q1004", ":8:1 Q1003", "remedy:");
  }

  @Test
  void aControlCharacterIsRefusedWithItsPlace() throws IOException {
    says(refused(good().replace("prod", "pr\u0007od"), 1, "Q1007"), ":1:12 Q1007", "remedy:");
  }

  @Test
  void anUnknownHostOrReleaseIsFoundBeforeAnythingHappens() throws IOException {
    says(
        refused(good().replace("host: node-3", "host: node-9"), 7, "Q1313"),
        "Q1201 node-9",
        "quorate host token --host node-9");
    says(refused(good().replace(VERSION, "3.5.29"), 7, "Q1313"), "Q1103", "quorate release add");
  }

  @Test
  void aPortInUseIsFoundBeforeAnythingHappens() throws IOException {
    try (ServerSocket taken =
        new ServerSocket(clientPort, 1, InetAddress.getByName("127.0.0.42"))) {
      says(
          refused(good(), 7, "Q1313"),
          "Q2010 node-2",
          taken.getLocalPort() + " is in use",
          "ss -ltnp");
    }
  }

  @Test
  void aDirectoryThatIsNotEmptyAndDataOfOthersAreFoundBeforeAnythingHappens() throws IOException {
    Path data = quorate.root("node-1").resolve("var/lib/etcd/prod");
    Files.createDirectories(data);
    Path notes = Files.writeString(data.resolve("notes"), "mine");
    says(refused(good(), 7, "Q1313"), "Q2011 node-1", "is not empty");
    Files.delete(notes);

    Path database = data.resolve("member/snap/db");
    Files.createDirectories(database.getParent());
    Files.writeString(database, "somebody's");
    says(refused(good(), 7, "Q1313"), "Q2012 node-1", "data of another member");
    assertEquals("somebody's", Files.readString(database));
    Files.delete(database);
    Files.delete(data.resolve("member/snap"));
    Files.delete(data.resolve("member"));
    Files.delete(data);
  }

  @Test
  void aWrongPinIsFoundBeforeTheTokenIsSentAndATokenWorksOnce() {
    List<String> line = quorate.token("--host", "node-4");
    List<String> wrong = new ArrayList<>(line);
    wrong.set(line.indexOf("--pin") + 1, "sha256:" + "0".repeat(64));
    joinRefused(quorate.join("node-4", wrong), "Q1205", "the token was not sent");
    assertTrue(quorate.join("node-4", line).succeeded(), "the token is as good as before");
    joinRefused(quorate.join("node-5", line), "Q1202", "quorate host token");
  }

  @Test
  void anExpiredAndAForeignTokenAreRefused() {
    List<String> brief = quorate.token("--host", "node-6", "--ttl", "1s");
    List<String> foreign = new ArrayList<>(quorate.token("--host", "node-7"));
    foreign.addAll(List.of("--host", "node-8"));
    joinRefused(quorate.join("node-8", foreign), "Q1203", "quorate host token --host node-8");
    joinRefused(quorate.join("node-6", brief), "Q1202", "quorate host token");
    assertFalse(quorate.quorate("host", "list").out().contains("node-6"));
    assertFalse(quorate.quorate("host", "list").out().contains("node-8"));
  }

  @Test
  void aCoordinatorThatIsNotThereIsSaidSo() throws IOException {
    String nobody = "127.0.0.1:" + Loopback.freePort();
    String contexts = Files.readString(quorate.data().resolve("operator/contexts.yaml"));
    Path elsewhere = quorate.write("elsewhere.yaml", contexts.replace(quorate.address(), nobody));
    Ran ran =
        Commands.run(
            List.of(Commands.checkout().resolve("bin/quorate").toString(), "status"),
            Map.of("QUORATE_CONTEXT_FILE", elsewhere.toString()),
            Duration.ofMinutes(1));
    assertEquals(4, ran.exit(), ran::err);
    says(ran, "ERROR Q1401", nobody, "remedy:");

    List<String> line = new ArrayList<>(quorate.token("--host", "node-9"));
    line.set(line.indexOf("--coordinator") + 1, nobody);
    joinRefused(quorate.join("node-9", line), "Q1401", nobody);
  }

  private static String good() {
    return """
    cluster: prod
    version: %s
    members:
      - {name: etcd-1, host: node-1, address: 127.0.0.41}
      - {name: etcd-2, host: node-2, address: 127.0.0.42}
      - {name: etcd-3, host: node-3, address: 127.0.0.43}
    ports: {client: %d, peer: %d}
    """
        .formatted(VERSION, clientPort, clientPort + 1);
  }

  /** Applying it ends so, and nothing is there afterwards. */
  private static Ran refused(String file, int exit, String code) throws IOException {
    Path path = quorate.write("prod.yaml", file);
    Ran ran = quorate.quorate("apply", "-f", path.toString(), "--yes", "--timeout", "60s");
    assertEquals(exit, ran.exit(), () -> ran.out() + ran.err());
    says(ran, "ERROR " + code);
    says(quorate.quorate("status", "prod"), "Q1303");
    for (String host : HOSTS) {
      assertFalse(Files.exists(quorate.root(host).resolve("etc/prod")), host);
    }
    return ran;
  }

  private static void joinRefused(Ran ran, String code, String words) {
    assertEquals(1, ran.exit(), () -> ran.out() + ran.err());
    says(ran, "ERROR " + code, words, "remedy:");
  }

  private static void says(Ran ran, String... words) {
    for (String word : words) {
      assertTrue(ran.err().contains(word), () -> word + " is not in: " + ran.err());
    }
  }
}
