package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.quorate.lab.WritingProcess;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One member becomes two, three and five, and five become three, while a client writes. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class GrowCases {
  private final MemberTrial trial;
  private final Fleet fleet;

  GrowCases(MemberTrial trial) {
    this.trial = trial;
    this.fleet = trial.fleet();
  }

  @Test
  @Order(1)
  void oneBecomesTwoThreeAndFive() {
    WritingProcess writing = fleet.startWriting(trial.prod(), true);
    for (int count : new int[] {2, 3, 5}) {
      ClusterFile file = trial.prod().withHosts(trial.lab().hosts().subList(0, count));
      Proof.succeeded(fleet.apply(file));
      Proof.healthy(fleet, file);
      trial.became(file);
      writing.changeEndpoints(file.endpoints());
    }
    MemberProof.unnoticed("1, 2, 3, 5 members", writing.finish());
    MemberProof.same(fleet, trial.prod());
  }

  /** One by name, then one by the file. */
  @Test
  @Order(2)
  void fiveBecomeThreeAndTheLeaderIsAmongThoseThatGo() {
    LabHost leads = trial.hostOf(trial.leader());
    List<LabHost> hosts = new ArrayList<>(trial.prod().hosts());
    LabHost other = hosts.stream().filter(h -> !h.equals(leads)).findFirst().orElseThrow();
    hosts.remove(other);
    trial.change(
        "a member removed",
        trial.prod().withHosts(hosts),
        () -> Proof.succeeded(trial.run("member", "remove", "prod", ClusterFile.member(other))));
    LabHost now = trial.hostOf(trial.leader());
    hosts.remove(now);
    ClusterFile three = trial.prod().withHosts(hosts);
    trial.change("the leader removed", three, () -> Proof.succeeded(fleet.apply(three)));
    MemberProof.retired(fleet, now, "prod");
    MemberProof.retired(fleet, other, "prod");
  }

  /** Its host answers the coordinator, but its peers never hear it. */
  @Test
  @Tag("soak")
  @Order(3)
  void aLearnerThatGetsNowhereIsTriedTwiceAndThenTheChangeStops() {
    LabHost deaf = trial.free().getFirst();
    trial.prod().hosts().forEach(deaf::cutFrom);
    List<LabHost> hosts = new ArrayList<>(trial.prod().hosts());
    hosts.add(deaf);
    ClusterFile three = trial.prod();
    ClusterFile four =
        three
            .withHosts(hosts)
            .with("rollout", "{soak: 0s, learnerDeadline: 10s, maximumFsyncP99: 30s}");
    trial.change(
        "a learner that got nowhere",
        four,
        () -> {
          Ran applied = fleet.apply(four);
          assertEquals(1, applied.exit(), applied::out);
          String again = Proof.rollout(fleet, four);
          assertTrue(applied.err().contains("ERROR Q3401"), applied::err);
          assertTrue(again.contains("Q3401"), again);
          assertTrue(fleet.quorate("status", "prod").out().contains("Q3401"));
          assertEquals(
              2, again.lines().filter(l -> l.contains("added as a learner")).count(), again);
          String listed = fleet.etcdctl(trial.prod(), "member", "list").orThrow();
          assertFalse(listed.contains(deaf.address()), listed);
          deaf.heal();
          Proof.succeeded(fleet.quorate("rollout", "resume", "prod"));
        });
    trial.change("and goes again", three, () -> Proof.succeeded(fleet.apply(three)));
  }
}
