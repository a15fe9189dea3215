package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.WritingProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A member goes to another host with its id and its data, interrupted or not. */
@Tag("lab")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MoveTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String MOVED = "etcd-h1";
  private static final List<String> OF_THE_OLD = List.of("after-stop", "before-upload");
  private static final List<String> OF_THE_NEW = List.of("after-place-data");

  private static Lab lab;
  private static Fleet fleet;
  private static ClusterFile prod;
  private static LabHost at;

  @BeforeAll
  static void up() {
    lab = Lab.up(4);
    fleet = Fleet.start(lab);
    fleet.join(lab.hosts());
    fleet.addRelease("3.5.30");
    prod = ClusterFile.of("prod", "3.5.30", lab.hosts().subList(0, 3));
    at = lab.host(1);
    Proof.succeeded(fleet.apply(prod));
    Proof.healthy(fleet, prod);
  }

  @AfterAll
  static void down() {
    try (Lab closing = lab) {
      fleet.close();
      assertEquals(4, closing.hosts().size());
    }
  }

  @Test
  @Order(1)
  void itKeepsItsIdAndItsData() {
    LabHost old = at;
    WritingProcess writing = begin(lab.host(4));
    Proof.succeeded(move(lab.host(4), "--timeout", "4m"));
    end("a move", writing, lab.host(4));
    MemberProof.retired(fleet, old, "prod");
  }

  /** Where it was before, with a copy of what it has now; the coordinator and both agents crash. */
  @Test
  @Order(2)
  void itComesBackThroughCrashes() {
    LabHost home = lab.host(1);
    WritingProcess writing = begin(home);
    fleet.agent(at).crashAt(OF_THE_OLD);
    fleet.agent(home).crashAt(OF_THE_NEW);
    fleet.awaitConnected(lab.hosts());
    Proof.succeeded(move(home, "--detach"));
    awaitStep("stop " + MOVED);
    fleet.killCoordinator();
    fleet.startCoordinator();
    LabHost old = at;
    end("a move through crashes", writing, home);
    assertEquals(List.of(), fleet.agent(old).notCrashedAt(OF_THE_OLD));
    assertEquals(List.of(), fleet.agent(home).notCrashedAt(OF_THE_NEW));
    MemberProof.retired(fleet, old, "prod");
  }

  /** Its old host is named again when it was already stopped there. */
  @Test
  @Order(3)
  void itReturnsWhenItsOwnerChangesHisMind() {
    LabHost target = lab.host(4);
    WritingProcess writing = begin(at);
    Proof.succeeded(move(target, "--detach"));
    awaitStep("stop " + MOVED);
    fleet.agent(target).stop();
    Proof.succeeded(fleet.quorate("rollout", "pause", "prod"));
    Proof.succeeded(fleet.applyDetached(prod));
    fleet.agent(target).start();
    end("a return", writing, at);
    assertEquals(
        "", target.run("sh", "-c", "systemctl is-active etcd@prod | grep -x active").out());
  }

  private static WritingProcess begin(LabHost to) {
    List<LabHost> others = new ArrayList<>(prod.hosts());
    others.remove(at);
    WritingProcess writing = fleet.startWriting(prod, true);
    writing.changeEndpoints(prod.withHosts(others).endpoints());
    assertTrue(lab.hosts().contains(to));
    return writing;
  }

  private static io.quorate.lab.Ran move(LabHost to, String... more) {
    List<String> words =
        new ArrayList<>(List.of("member", "move", "prod", MOVED, "--to", to.name(), "--yes"));
    words.addAll(List.of(more));
    return fleet.quorate(words.toArray(String[]::new));
  }

  private static void awaitStep(String step) {
    Await.until(
        step,
        PATIENCE,
        () -> MemberProof.steps(fleet, "prod").contains(step),
        () -> fleet.quorate("events", "prod").out());
  }

  private static void end(String what, WritingProcess writing, LabHost now) {
    String id = MemberProof.idOf(fleet, prod, MOVED);
    List<LabHost> hosts = new ArrayList<>(prod.hosts());
    hosts.set(hosts.indexOf(at), now);
    at = now;
    prod =
        new ClusterFile(prod.cluster(), prod.version(), hosts, prod.clientPort(), prod.sections());
    Await.until(
        what + " is over",
        PATIENCE,
        () -> fleet.json("rollout", "status", "prod").getString("state").equals("done"),
        () -> fleet.quorate("events", "prod").out() + Proof.rollout(fleet, prod));
    Proof.healthy(fleet, prod);
    assertEquals(id, MemberProof.idOf(fleet, prod, MOVED));
    MemberProof.unnoticed(what, writing.finish());
    MemberProof.same(fleet, prod);
  }
}
