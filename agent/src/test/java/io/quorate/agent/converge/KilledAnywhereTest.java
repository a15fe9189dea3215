package io.quorate.agent.converge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.etcd.Members;
import io.quorate.agent.host.Access;
import io.quorate.agent.host.MemoryHost;
import io.quorate.agent.host.Sha256;
import io.quorate.agent.release.Archives;
import io.quorate.common.error.Code;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Release;
import io.quorate.common.model.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The agent is killed before each change that it makes to its host, begins again with what is
 * durable, and ends where it would have: each restart asked of it done once, nothing lost.
 */
class KilledAnywhereTest {
  private static final byte[] OLD = Archives.release("3.5.16");
  private static final byte[] NEW = Archives.release("3.5.30");

  /** One history: what comes before, what is wanted then, and what must be true in the end. */
  private record History(
      Consumer<MemoryAgent> before, Consumer<MemoryAgent> wish, Consumer<MemoryAgent> end) {}

  private static Release old(MemoryAgent agent) {
    return agent.blobs.add("3.5.16", OLD);
  }

  private static MemberConfig member(MemoryAgent agent) {
    return Members.one("prod", "etcd-1", Path.of("/data"), old(agent), 2379, 2380);
  }

  private static void running(MemoryAgent agent) {
    agent.want(member(agent));
    agent.converge();
  }

  /** Undisturbed first, to know how many changes there are; then killed before each of them. */
  private static void prove(History history) {
    MemoryAgent calm = new MemoryAgent();
    history.before.accept(calm);
    long from = calm.host.mutations();
    history.wish.accept(calm);
    calm.converge();
    history.end.accept(calm);
    long to = calm.host.mutations();
    assertTrue(to > from, "nothing was changed");
    for (long at = from + 1; at <= to; at++) {
      MemoryAgent agent = new MemoryAgent();
      history.before.accept(agent);
      agent.host.crashAt(at);
      try {
        history.wish.accept(agent);
        agent.converge();
      } catch (MemoryHost.Crash crash) {
        agent.host.reviveAfterCrash();
        agent.clock.pass(Duration.ofSeconds(5)); // a process that starts now is younger than files
        agent.begin();
        agent.tell(); // as the coordinator does, whether or not it was stored
        agent.converge();
      }
      try {
        history.end.accept(agent);
      } catch (AssertionError e) {
        throw new AssertionError("killed before change " + at + ": " + e.getMessage(), e);
      }
    }
  }

  @Test
  void aDeployment() {
    prove(
        new History(
            agent -> {},
            agent -> agent.want(member(agent)),
            agent -> {
              assertEquals(1, agent.calls("start").size());
              assertEquals(List.of(), agent.calls("stop"));
              assertEquals("token-1", agent.report().data().lineage());
            }));
  }

  @Test
  void aRestartWithAnotherRelease() {
    prove(
        new History(
            KilledAnywhereTest::running,
            agent -> {
              Release newer = agent.blobs.add("3.5.30", NEW);
              agent.want(
                  member(agent).withReleases(new MemberConfig.Releases(newer, List.of(newer))));
            },
            agent -> {
              assertEquals(1, agent.calls("restart").size(), "restarts");
              assertEquals("3.5.30", agent.report().unit().running().executableVersion());
              assertEquals(List.of(), agent.aside());
            }));
  }

  @Test
  void aRestartAsAsked() {
    prove(
        new History(
            KilledAnywhereTest::running,
            agent -> agent.want(Members.restarted(member(agent), 7)),
            agent -> assertEquals(1, agent.calls("restart").size(), "restarts")));
  }

  @Test
  void aStop() {
    prove(
        new History(
            KilledAnywhereTest::running,
            agent -> agent.want(member(agent).withRun(MemberConfig.Run.STOPPED)),
            agent -> {
              assertEquals(1, agent.calls("stop").size());
              assertEquals("token-1", agent.report().data().lineage());
              assertEquals(0, agent.report().unit().running().pid());
            }));
  }

  @Test
  void aRetirement() {
    prove(
        new History(
            KilledAnywhereTest::running,
            agent -> agent.want(member(agent).withRun(MemberConfig.Run.RETIRED)),
            agent -> {
              assertEquals(
                  2,
                  agent.aside().stream()
                      .filter(p -> p.getNameCount() <= 4)
                      .filter(p -> p.getFileName().toString().contains("token-1"))
                      .count(),
                  agent.aside()::toString);
              assertEquals("", agent.report().data().lineage());
            }));
  }

  @Test
  void anotherIdentityInTheSamePlace() {
    prove(
        new History(
            KilledAnywhereTest::running,
            agent ->
                agent.want(Members.data(member(agent), "member-77", new Seed.Empty(), "token-1")),
            agent -> {
              assertEquals("member-77", agent.report().data().lineage());
              assertEquals(1, agent.calls("stop").size());
              assertTrue(!agent.aside().isEmpty());
            }));
  }

  @Test
  void aRestoreFromASnapshot() {
    byte[] snapshot = "a snapshot".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    String sha256 = Sha256.of("a snapshot");
    prove(
        new History(
            agent -> {
              agent.blobs.put(sha256, snapshot);
              running(agent);
            },
            agent ->
                agent.want(
                    Members.accepting(
                        Members.data(
                            member(agent),
                            "again",
                            new Seed.Snapshot(sha256, snapshot.length, 0, false, false),
                            "token-1"))),
            agent -> {
              assertEquals("again", agent.report().data().lineage());
              assertTrue(!agent.aside().isEmpty());
            }));
  }

  @Test
  void aNewClusterForcedFromItsData() {
    prove(
        new History(
            agent -> {
              running(agent);
              copied(agent);
            },
            KilledAnywhereTest::force,
            agent -> {
              assertEquals("forced", agent.report().data().lineage());
              assertEquals(Set.copyOf(COPIES), Set.copyOf(agent.aside()));
              assertTrue(
                  agent.report().unit().running().fingerprint().length() > 0
                      && !agent.report().unit().running().fingerprint().endsWith("-forcing"),
                  "the special start is over");
            }));
  }

  /** Its copy was not tried with success: in memory no etcd serves. */
  @Test
  void nothingIsForcedOutOfDataWhoseCopyDoesNotStart() {
    MemoryAgent agent = new MemoryAgent();
    running(agent);
    agent.host.endsAtOnce("--force-new-cluster");
    force(agent);
    agent.turns(40);
    assertEquals(List.of(Code.Q3509), agent.problems());
    assertEquals("token-1", agent.report().data().lineage());
    assertEquals(List.of(), agent.aside().stream().filter(p -> COPIES.contains(p)).toList());
  }

  private static final List<Path> COPIES =
      List.of(
          Path.of("/q/data/prod.set-aside-token-1-before-forced"),
          Path.of("/q/data/prod-wal/wal.set-aside-token-1-before-forced"));

  private static void copied(MemoryAgent agent) {
    try {
      for (Path copy : COPIES) {
        agent.host.makeDirectory(copy, Access.closed(""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void force(MemoryAgent agent) {
    agent.want(
        Members.accepting(Members.data(member(agent), "forced", new Seed.Forced("token-1"))));
  }
}
