package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.quorate.lab.WritingProcess;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A host that carries members of several clusters gets another address, loses it, and is emptied;
 * and before that, everything that is refused.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class HostCases {
  private static final String NEW = "10.77.0.61";

  private final MemberTrial trial;
  private final Fleet fleet;
  private final LabHost host;
  private final LabHost free;
  private final ClusterFile side;
  private final ClusterFile solo;

  HostCases(MemberTrial trial) {
    this.trial = trial;
    this.fleet = trial.fleet();
    this.host = trial.prod().hosts().getFirst();
    this.free = trial.free().getFirst();
    this.side =
        ClusterFile.of("side", MemberTrial.VERSION, trial.prod().hosts()).withClientPort(2479);
    this.solo = ClusterFile.of("solo", MemberTrial.VERSION, List.of(host)).withClientPort(2579);
  }

  @BeforeAll
  void deploy() {
    Proof.succeeded(fleet.apply(side));
    fleet.etcdctl(side, "put", "kept", "yes").orThrow();
  }

  // ---- what is refused ----

  @Test
  @Order(2)
  void aHostThatHasNotJoinedGetsNoMember() {
    trial.refused("Q1201", "member", "replace", "prod", member(trial.prod()), "--with", "h9");
    trial.refused("Q1201", "host", "drain", host.name(), "--to", "h9");
  }

  @Test
  @Order(3)
  void aHostGetsNoSecondMemberOfACluster() {
    String other = trial.prod().hosts().get(1).name();
    trial.refused("Q1008", "member", "move", "prod", member(trial.prod()), "--to", other);
  }

  @Test
  @Order(4)
  void anAddressMustBeTheHosts() {
    trial.refused("Q2010", "host", "readdress", host.name(), "--address", "10.77.0.99");
  }

  @Test
  @Order(6)
  void aHostInUseIsNotRevoked() {
    trial.refused("Q1211", "host", "revoke", host.name());
  }

  @Test
  @Order(7)
  void anotherClustersPortsAndDirectoriesAreInTheWay() {
    ClusterFile clash =
        ClusterFile.of("clash", MemberTrial.VERSION, List.of(free))
            .with("paths", "{data: /var/lib/etcd/side}");
    Proof.succeeded(fleet.apply(clash));
    trial.refused("Q1008", "member", "move", "prod", member(trial.prod()), "--to", free.name());
    trial.refused("Q1008", "member", "replace", "side", member(side), "--with", free.name());
    fleet.delete("clash").orThrow();
  }

  @Test
  @Order(8)
  void dataOfAnotherClusterOrOfARemovedMemberIsInTheWay() {
    free.run("mkdir", "-p", "/var/lib/etcd/prod/member/snap").orThrow();
    free.run("touch", "/var/lib/etcd/prod/member/snap/db").orThrow();
    replaceIsRefused();
    free.run("rm", "-rf", "/var/lib/etcd/prod").orThrow();
    // Whoever renames what was set aside does not get it back into the cluster.
    free.run("sh", "-c", "mv $(ls -d /var/lib/etcd/prod.set-aside-* | head -1) /var/lib/etcd/prod")
        .orThrow();
    replaceIsRefused();
    free.run("mv", "/var/lib/etcd/prod", "/var/lib/etcd/prod.set-aside-again").orThrow();
  }

  private void replaceIsRefused() {
    trial.refused(
        "Q2012", "member", "replace", "prod", member(trial.prod()), "--with", free.name());
    trial.refused("Q2012", "member", "move", "prod", member(trial.prod()), "--to", free.name());
  }

  @Test
  @Order(9)
  void aDiskTooSmallForTheCopyIsFoundBeforehand() {
    free.run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", "/var/lib/etcd").orThrow();
    trial.refused("Q2014", "member", "move", "prod", member(trial.prod()), "--to", free.name());
    free.run("umount", "/var/lib/etcd").orThrow();
  }

  @Test
  @Order(10)
  void aMemberThatTheQuorumNeedsIsNotRemoved() {
    LabHost away = trial.prod().hosts().get(2);
    away.cut();
    Await.until(
        "the coordinator misses a member",
        MemberTrial.PATIENCE,
        () -> fleet.quorate("status", "prod").out().contains("Q2101"),
        () -> fleet.quorate("status", "prod").out());
    trial.refused("Q3102", "member", "remove", "prod", member(trial.prod()));
    away.heal();
    fleet.awaitConnected(List.of(away));
    Proof.healthy(fleet, trial.prod());
    Proof.healthy(fleet, side);
  }

  // ---- another address ----

  @Test
  @Order(11)
  void aHostGetsAnotherAddress() {
    String device = device();
    host.run("ip", "addr", "add", NEW + "/24", "dev", device).orThrow();
    tellsItsAddresses();
    readdressed("another address", NEW, host.address());
    leaves(host.address(), NEW, device);
    fleet.awaitConnected(List.of(host));
    Await.until(
        "it serves without the old one",
        MemberTrial.PATIENCE,
        () -> fleet.status("prod").getString("health").matches("healthy|warning"),
        () -> fleet.quorate("status", "prod").out());
  }

  /** Its members are down until the command is given. */
  @Test
  @Order(12)
  void aHostHasLostItsAddressAlready() {
    String device = device();
    host.run("ip", "addr", "add", host.address() + "/24", "dev", device).orThrow();
    leaves(NEW, host.address(), device);
    tellsItsAddresses();
    readdressed("an address that was lost", host.address(), NEW);
  }

  /** With the first address of its network, the kernel takes the others as well. */
  private void leaves(String address, String stays, String device) {
    host.run("ip", "addr", "del", address + "/24", "dev", device).orThrow();
    host.run("ip", "addr", "replace", stays + "/24", "dev", device).orThrow();
    host.run("ip", "route", "replace", "default", "via", "10.77.0.1").orThrow();
  }

  private String device() {
    return host.run("sh", "-c", "ip -o -4 addr show | awk '/10\\.77\\.0\\./ {print $2; exit}'")
        .orThrow();
  }

  /** It says so when it connects. */
  private void tellsItsAddresses() {
    fleet.agent(host).restart();
    fleet.awaitConnected(List.of(host));
  }

  private void readdressed(String what, String now, String before) {
    String id = MemberProof.idOf(fleet, others(trial.prod()), member(trial.prod()));
    try (WritingProcess writing = fleet.startWriting(others(trial.prod()), true)) {
      Proof.succeeded(trial.run("host", "readdress", host.name(), "--address", now));
      MemberProof.unnoticed(what, writing.finish());
    }
    assertEquals(id, MemberProof.idOf(fleet, others(trial.prod()), member(trial.prod())));
    for (ClusterFile file : List.of(trial.prod(), side)) {
      String members = fleet.etcdctl(others(file), "member", "list").orThrow();
      assertTrue(members.contains("//%s:%d".formatted(now, file.clientPort() + 1)), members);
      assertTrue(members.contains("//%s:%d".formatted(now, file.clientPort())), members);
      assertFalse(members.contains("//" + before + ":"), members);
    }
  }

  private ClusterFile others(ClusterFile file) {
    return file.withHosts(file.hosts().stream().filter(h -> !h.equals(host)).toList());
  }

  // ---- a cluster of one beside them ----

  @Test
  @Order(13)
  void theLastMemberIsNotRemoved() {
    Proof.succeeded(fleet.apply(solo));
    fleet.etcdctl(solo, "put", "kept", "yes").orThrow();
    trial.refused("Q3402", "member", "remove", "solo", member(solo));
  }

  @Test
  @Order(14)
  void aClusterOfOneIsNotStoppedToBeCopied() {
    trial.refused(
        "Q3601", "member", "move", "solo", member(solo), "--to", free.name(), "--how", "copy");
  }

  // ---- emptied ----

  @Test
  @Order(15)
  void aHostIsEmptied() {
    String id = MemberProof.idOf(fleet, trial.prod(), member(trial.prod()));
    String sides = MemberProof.idOf(fleet, side, member(side));
    String only = MemberProof.idOf(fleet, solo, member(solo));
    String member = member(trial.prod());
    String ofSide = member(side);
    ClusterFile sideAfter = side.withHosts(trial.with(host, free).hosts());
    trial.change(
        "a drain",
        trial.with(host, free),
        () -> {
          Ran drained = trial.run("host", "drain", host.name(), "--to", free.name());
          Proof.succeeded(drained);
          String said = drained.out() + drained.err();
          assertTrue(said.contains(member + " moves to " + free.name()), said);
          assertTrue(said.contains("a cluster of 1 does not work while"), said);
        });
    for (String cluster : List.of("prod", "side", "solo")) {
      MemberProof.retired(fleet, host, cluster);
    }
    assertEquals(id, MemberProof.idOf(fleet, trial.prod(), member));
    assertEquals(sides, MemberProof.idOf(fleet, sideAfter, ofSide));
    Proof.healthy(fleet, sideAfter);
    ClusterFile soloAfter = solo.withHosts(List.of(free));
    Proof.healthy(fleet, soloAfter);
    assertFalse(fleet.etcdctl(soloAfter, "member", "list").orThrow().contains(only));
    assertEquals("kept\nyes", fleet.etcdctl(sideAfter, "get", "kept").orThrow());
    assertEquals("kept\nyes", fleet.etcdctl(soloAfter, "get", "kept").orThrow());
    Ran again = trial.run("host", "drain", host.name(), "--to", free.name());
    Proof.succeeded(again);
    assertTrue((again.out() + again.err()).contains("carries no member any more"), again::err);
    Proof.succeeded(fleet.quorate("host", "revoke", host.name(), "--yes"));
  }

  /** The cluster's member on the host. */
  private String member(ClusterFile file) {
    return fleet.memberOn(file.cluster(), host);
  }
}
