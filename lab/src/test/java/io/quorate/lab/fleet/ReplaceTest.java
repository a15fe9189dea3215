package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.WritingProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Members are replaced, alive, leading and dead, while a client writes. */
@Tag("lab")
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplaceTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static Lab lab;
  private static Fleet fleet;
  private static ClusterFile prod;

  @BeforeAll
  static void up() {
    lab = Lab.up(5);
    fleet = Fleet.start(lab);
    fleet.join(lab.hosts());
    fleet.addRelease("3.5.30");
    prod =
        ClusterFile.of("prod", "3.5.30", hosts(1, 2, 3))
            .with("rollout", "{soak: 0s, deadAfter: 10s}");
    Proof.succeeded(fleet.apply(prod));
    Proof.healthy(fleet, prod);
  }

  @AfterAll
  static void down() {
    try (Lab closing = lab) {
      fleet.close();
      assertEquals(5, closing.hosts().size());
    }
  }

  private static List<LabHost> hosts(int... numbers) {
    return Arrays.stream(numbers).mapToObj(lab::host).toList();
  }

  @Test
  @Order(1)
  void aFollower() {
    String leader = MemberProof.leader(fleet, "prod");
    String follower = leader.equals("etcd-h1") ? "etcd-h2" : "etcd-h1";
    replace("a live follower", follower, lab.host(4), false);
  }

  @Test
  @Order(2)
  void theLeader() {
    replace("the live leader", MemberProof.leader(fleet, "prod"), lab.host(5), false);
  }

  @Test
  @Order(3)
  void aHostThatLostItsPower() {
    LabHost free =
        lab.hosts().stream().filter(h -> !prod.hosts().contains(h)).findFirst().orElseThrow();
    LabHost dead =
        replace("the leader on a dead host", MemberProof.leader(fleet, "prod"), free, true);
    List<String> steps = MemberProof.steps(fleet, "prod");
    assertTrue(steps.stream().anyMatch(s -> s.contains("snapshot")), steps::toString);
    // It comes back with its old data, which its cluster has no use for any more.
    dead.boot();
    fleet.awaitConnected(List.of(dead));
    Await.until(
        "the old host is tidied up",
        PATIENCE,
        () -> dead.run("sh", "-c", "ls -d /var/lib/etcd/prod.set-aside-*").succeeded(),
        () -> fleet.quorate("events", "prod").out());
    Await.until(
        "its document is dropped",
        PATIENCE,
        () -> fleet.json("host", "describe", dead.name()).getJsonArray("members").isEmpty(),
        () -> fleet.quorate("host", "describe", dead.name()).out());
    MemberProof.retired(fleet, dead, "prod");
    Proof.healthy(fleet, prod);
  }

  /** The host that it was on. */
  private static LabHost replace(String what, String member, LabHost with, boolean kill) {
    LabHost old = MemberProof.hostOf(fleet, "prod", member);
    List<LabHost> after = new ArrayList<>(prod.hosts());
    after.remove(old);
    WritingProcess writing = fleet.startWriting(prod, true);
    if (kill) {
      old.kill();
    }
    writing.changeEndpoints(prod.withHosts(after).endpoints());
    Proof.succeeded(
        fleet.quorate(
            "member",
            "replace",
            "prod",
            member,
            "--with",
            with.name(),
            "--yes",
            "--timeout",
            "4m"));
    after.add(with);
    prod = prod.withHosts(after);
    Proof.healthy(fleet, prod);
    MemberProof.unnoticed(what, writing.finish());
    if (!kill) {
      MemberProof.retired(fleet, old, "prod");
    }
    assertFalse(fleet.etcdctl(prod, "member", "list").orThrow().contains(member + ","));
    return old;
  }
}
