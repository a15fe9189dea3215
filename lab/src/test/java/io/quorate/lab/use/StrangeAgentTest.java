package io.quorate.lab.use;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.lab.Ran;
import io.quorate.lab.Releases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/** Agents of other versions, and agents whose clocks are wrong. */
@Execution(ExecutionMode.SAME_THREAD)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StrangeAgentTest {
  private static final String VERSION = "3.5.30";
  private static final String HOST = "node-1";

  @TempDir private static Path directory;
  private static Loopback quorate;

  @BeforeAll
  static void start() throws IOException {
    quorate = new Loopback(directory);
  }

  @AfterAll
  static void stop() {
    quorate.close();
  }

  @Test
  @Order(1)
  void anAgentTooNewOrTooOldCannotJoinAndItsTokenIsNotSpent() throws IOException {
    List<String> line = quorate.token("--host", HOST);
    refused(
        quorate.join(HOST, line, protocol("new", 2, 3)),
        "Q1208",
        "the agent speaks protocol 3, this coordinator 1 to 1",
        "upgrade the older side");
    refused(
        quorate.join(HOST, line, protocol("old", 0, 0)),
        "Q1208",
        "the agent speaks protocol 0, this coordinator 1 to 1");
    nothingHasHappened();
  }

  @Test
  @Order(2)
  void anAgentWhoseClockIsWrongCannotJoinAndItsTokenIsNotSpent() throws IOException {
    List<String> line = quorate.token("--host", HOST);
    refused(
        quorate.join(HOST, line, clock("ahead", Duration.ofHours(1))),
        "Q1209",
        "the host's clock says",
        "timedatectl");
    // So far behind that the coordinator's certificate is not valid yet: it is found on the host.
    refused(
        quorate.join(HOST, line, clock("behind", Duration.ofDays(-3650))),
        "Q1209",
        "but this host's clock says",
        "timedatectl");
    nothingHasHappened();
    quorate.join(HOST, line).orThrow();
  }

  /** It has joined, and then its version is another one: it is refused, says so, and tries on. */
  @Test
  @Order(3)
  void anAgentThatBecameTooNewOrTooOldIsNotLetIn() throws Exception {
    for (String options : List.of(protocol("newer", 2, 2), protocol("older", 0, 0))) {
      Process agent = quorate.run(HOST, options);
      quorate.awaitLog(HOST, "Q1208");
      assertNotEquals("connected", quorate.state(HOST));
      assertTrue(agent.isAlive());
      assertTrue(quorate.log(HOST).contains("this coordinator 1 to 1"), quorate.log(HOST));
      agent.destroy();
      agent.waitFor();
    }
  }

  /** A range that overlaps is no reason to refuse. */
  @Test
  @Order(4)
  void anAgentThatSpeaksMoreIsLetIn() throws Exception {
    Process agent = quorate.run(HOST, protocol("more", 1, 2));
    quorate.awaitConnected(HOST);
    agent.destroy();
    agent.waitFor();
  }

  /** It is connected, but nothing is begun on a host whose clock would spoil certificates. */
  @Test
  @Order(5)
  void aClockThatIsApartIsFoundBeforeAnythingHappens() throws Exception {
    assumeTrue(Releases.find(VERSION).isPresent(), Releases.missing(VERSION));
    quorate.quorate("release", "add", Releases.require(VERSION).path().toString()).orThrow();
    Process agent = quorate.run(HOST, clock("later", Duration.ofMinutes(2)));
    quorate.awaitConnected(HOST);
    Path file =
        quorate.write(
            "prod.yaml",
            """
            cluster: prod
            version: %s
            members: [{name: etcd-1, host: %s, address: 127.0.0.51}]
            ports: {client: %d, peer: %d}
            """
                .formatted(VERSION, HOST, Loopback.freePort(), Loopback.freePort()));
    Ran ran = quorate.quorate("apply", "-f", file.toString(), "--yes", "--timeout", "60s");
    assertEquals(7, ran.exit(), () -> ran.out() + ran.err());
    says(ran, "ERROR Q1313", "Q1209", "the clock of " + HOST, "synchronise");
    assertEquals(1, quorate.quorate("status", "prod").exit());
    assertFalse(Files.exists(quorate.root(HOST).resolve("etc/prod")));
    agent.destroy();
    agent.waitFor();
  }

  private static void nothingHasHappened() {
    assertFalse(quorate.quorate("host", "list").out().contains(HOST));
  }

  private static String protocol(String name, int lowest, int highest) throws IOException {
    return Altered.protocol(directory.resolve(name), lowest, highest);
  }

  private static String clock(String name, Duration offset) throws IOException {
    return Altered.clock(directory.resolve(name), offset);
  }

  private static void refused(Ran ran, String code, String... words) {
    assertEquals(1, ran.exit(), () -> ran.out() + ran.err());
    says(ran, "ERROR " + code, "remedy:");
    says(ran, words);
  }

  private static void says(Ran ran, String... words) {
    for (String word : words) {
      assertTrue(ran.err().contains(word), () -> word + " is not in: " + ran.err());
    }
  }
}
