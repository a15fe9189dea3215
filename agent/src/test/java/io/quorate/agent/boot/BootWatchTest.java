package io.quorate.agent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.agent.boot.Membership.Listed;
import io.quorate.agent.etcd.Members;
import io.quorate.agent.host.Access;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.MemoryHost;
import io.quorate.agent.host.SetClock;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Release;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host has booted with one member of three, and no coordinator speaks. */
class BootWatchTest {
  private static final ClusterName CLUSTER = ClusterName.of("c1");
  private static final String OTHER = "https://127.0.0.2:2380";
  private static final String THIRD = "https://127.0.0.3:2380";
  private static final String FOURTH = "https://127.0.0.4:2380";

  private final SetClock clock = new SetClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final MemoryHost host = new MemoryHost(clock);
  private final Layout layout = Layout.under(Path.of("/q"));
  private final Heard peers = new Heard();
  private final Set<ClusterName> running = new HashSet<>();
  private final List<MemberConfig> alone = new ArrayList<>();
  private MemberConfig member;
  private BootGate gate;
  private BootWatch watch;

  @BeforeEach
  void boot() throws IOException {
    Release release = new Release(EtcdVersion.parse("3.5.30"), "amd64", "0".repeat(64), 1);
    MemberConfig one = Members.one("c1", "m1", Path.of("/data"), release, 2379, 2380);
    member =
        Members.founded(one, Map.of("m1", one.endpoints().peerUrl(), "m2", OTHER, "m3", THIRD));
    host.makeDirectory(layout.state(), Access.closed(""));
    gate = new BootGate(host, layout, clock);
    watch =
        new BootWatch(gate, new KnownMembers(host, layout), peers, running::contains, alone::add);
  }

  private List<ClusterName> turn() {
    return watch.turn(List.of(member));
  }

  @Test
  void noTimeThatPassesIsAReason() {
    peers.waits(OTHER);
    turn();
    clock.pass(Duration.ofDays(3));
    assertEquals(List.of(CLUSTER), turn());
    assertFalse(watch.mayStart(CLUSTER));
    assertEquals(1, peers.doors);
    assertEquals(List.of(), alone);
  }

  @Test
  void startsWhenAllWereHeardAndTheCoordinatorHadItsTime() {
    peers.waits(OTHER);
    turn();
    peers.answers.clear();
    peers.waits(THIRD);
    assertEquals(List.of(CLUSTER), turn());
    clock.pass(BootGate.GRACE.plusSeconds(1));
    assertEquals(List.of(), turn());
    assertTrue(watch.mayStart(CLUSTER));
    assertEquals(0, peers.doors, "its port is free");
    assertEquals(List.of(member), alone, "and it is noted");
  }

  @Test
  void startsSoonerWhereItIsAwaited() {
    peers.answers.put(OTHER, new Peers.Answer(peers.list, true));
    turn();
    assertFalse(watch.mayStart(CLUSTER));
    clock.pass(BootGate.SHORT_GRACE.plusSeconds(1));
    turn();
    assertTrue(watch.mayStart(CLUSTER));
  }

  /** It joined after this one last kept how the cluster is. */
  @Test
  void whoIsKnownToAnotherOnlyIsAskedToo() {
    peers.answers.put(OTHER, new Peers.Answer(peers.with("m4", FOURTH), false));
    peers.waits(THIRD);
    peers.waits(FOURTH);
    clock.pass(BootGate.GRACE.plusSeconds(1));
    assertEquals(List.of(CLUSTER), turn(), "that one was not heard yet");
    assertEquals(List.of(), turn());
    assertTrue(watch.mayStart(CLUSTER));
  }

  @Test
  void somebodyAtTheHostMayDecide() throws IOException {
    new BootGate(host, layout, clock).admit(CLUSTER);
    turn();
    assertTrue(watch.mayStart(CLUSTER));
  }

  @Test
  void whatRunsIsLetBe() {
    running.add(CLUSTER);
    assertEquals(List.of(), turn());
    assertEquals(0, peers.doors);
  }

  @Test
  void afterTheCoordinatorHasSpokenNobodyIsAnsweredAnyMore() throws IOException {
    turn();
    watch.close();
    gate.admit();
    assertEquals(0, peers.doors);
    turn();
    assertEquals(0, peers.doors);
    assertTrue(watch.mayStart(CLUSTER));
    assertTrue(new BootGate(host, layout, clock).open(), "until the next boot");
  }

  /** Those that are asked answer what is set. */
  private static final class Heard implements Peers {
    private final Membership list =
        new Membership(
            "",
            List.of(
                new Listed("", "m1", false, List.of("https://127.0.0.1:2380"), List.of()),
                new Listed("", "m2", false, List.of(OTHER), List.of()),
                new Listed("", "m3", false, List.of(THIRD), List.of())));
    private final Map<String, Answer> answers = new HashMap<>();
    private int doors;

    void waits(String url) {
      answers.put(url, new Answer(list, false));
    }

    Membership with(String name, String url) {
      List<Listed> more = new ArrayList<>(list.members());
      more.add(new Listed("", name, false, List.of(url), List.of()));
      return new Membership("", more);
    }

    @Override
    public Map<String, Answer> ask(MemberConfig member, Membership known) {
      Map<String, Answer> asked = new HashMap<>(answers);
      asked.keySet().removeIf(url -> known.at(url).isEmpty());
      return asked;
    }

    @Override
    public Optional<Membership> own(MemberConfig member) {
      return Optional.empty();
    }

    @Override
    public Door open(MemberConfig member, Supplier<Membership> known) {
      doors++;
      return () -> doors--;
    }
  }
}
