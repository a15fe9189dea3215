package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.quorate.lab.WritingProcess;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One member becomes two, three and five, and five become three, while a client writes. */
@Tag("lab")
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GrowTest {
  private static Lab lab;
  private static Fleet fleet;
  private static ClusterFile one;
  private static ClusterFile three;

  @BeforeAll
  static void up() {
    lab = Lab.up(5);
    fleet = Fleet.start(lab);
    fleet.join(lab.hosts());
    fleet.addRelease("3.5.30");
    one =
        ClusterFile.of("prod", "3.5.30", hosts(1))
            .with("allowEvenMembers", "true")
            .with("rollout", "{soak: 0s, learnerDeadline: 10s}");
    three = one.withHosts(hosts(2, 4, 5));
    Proof.succeeded(fleet.apply(one));
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
  void oneBecomesTwoThreeAndFive() {
    WritingProcess writing = fleet.startWriting(one, true);
    for (int count : new int[] {2, 3, 5}) {
      ClusterFile file = one.withHosts(lab.hosts().subList(0, count));
      Proof.succeeded(fleet.apply(file));
      Proof.healthy(fleet, file);
      writing.changeEndpoints(file.endpoints());
    }
    MemberProof.unnoticed("1, 2, 3, 5 members", writing.finish());
  }

  @Test
  @Order(2)
  void fiveBecomeThreeAndTheLeaderIsAmongThoseThatGo() {
    ClusterFile five = one.withHosts(lab.hosts());
    String leader = MemberProof.leader(fleet, "prod");
    assertTrue(leader.equals("etcd-h1") || leader.equals("etcd-h3"), leader);
    WritingProcess writing = fleet.startWriting(five, true);
    writing.changeEndpoints(three.endpoints());
    Proof.succeeded(fleet.apply(three));
    Proof.healthy(fleet, three);
    MemberProof.unnoticed("5, 3 members", writing.finish());
    for (LabHost gone : hosts(1, 3)) {
      MemberProof.retired(fleet, gone, "prod");
    }
  }

  /** Its host answers the coordinator, but its peers never hear it. */
  @Test
  @Order(3)
  void aLearnerThatGetsNowhereIsTriedTwiceAndThenTheChangeStops() {
    LabHost deaf = lab.host(1);
    three.hosts().forEach(deaf::cutFrom);
    ClusterFile four = one.withHosts(hosts(2, 4, 5, 1));
    WritingProcess writing = fleet.startWriting(three, true);
    Ran applied = fleet.apply(four);
    assertFalse(applied.succeeded(), applied::out);
    String said = applied.out() + applied.err() + Proof.rollout(fleet, four);
    assertTrue(said.contains("Q3401"), said);
    List<String> twice =
        MemberProof.steps(fleet, "prod").stream()
            .filter(s -> s.equals("add etcd-h1 as a learner"))
            .toList();
    assertEquals(2, twice.size(), said);
    assertEquals(3, fleet.etcdctl(three, "member", "list").orThrow().lines().count());
    deaf.heal();
    Proof.succeeded(fleet.quorate("rollout", "resume", "prod"));
    Proof.healthy(fleet, four);
    MemberProof.unnoticed("a learner that got nowhere", writing.finish());
  }
}
