package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.Lab;
import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.quorate.lab.WritingProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Hosts, and a cluster on some of them whose members come, go and move while a client writes to
 * those that stay. Several test classes and their cases share it; it remembers where the cluster
 * has got to.
 */
final class MemberTrial {
  static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Agents that die thirty times on the way take their time. */
  private static final Duration TO_BE_OVER = Duration.ofMinutes(10);

  static final String VERSION = "3.5.30";

  private final Lab lab;
  private final Fleet fleet;
  private ClusterFile prod;

  private MemberTrial(Lab lab, Fleet fleet, ClusterFile prod) {
    this.lab = lab;
    this.fleet = fleet;
    this.prod = prod;
  }

  /** So many hosts, and a cluster on the first of them. */
  static MemberTrial up(int hosts, int members) {
    Lab lab = Lab.up(hosts);
    Fleet fleet = Fleet.start(lab);
    fleet.join(lab.hosts());
    fleet.addRelease(VERSION);
    ClusterFile prod =
        ClusterFile.of("prod", VERSION, lab.hosts().subList(0, members))
            .with("allowEvenMembers", "true")
            .with("rollout", "{soak: 0s, deadAfter: 10s, maximumFsyncP99: 30s}");
    Proof.succeeded(fleet.apply(prod));
    Proof.healthy(fleet, prod);
    return new MemberTrial(lab, fleet, prod);
  }

  void down() {
    try (Lab closing = lab) {
      fleet.close();
      assertFalse(closing.hosts().isEmpty());
    }
  }

  Lab lab() {
    return lab;
  }

  Fleet fleet() {
    return fleet;
  }

  ClusterFile prod() {
    return prod;
  }

  /** The file was changed by other means than {@link #change}. */
  void became(ClusterFile after) {
    prod = after;
  }

  /** Hosts that do not carry the cluster. */
  List<LabHost> free() {
    return lab.hosts().stream().filter(h -> !prod.hosts().contains(h)).toList();
  }

  List<LabHost> hosts(int... numbers) {
    return Arrays.stream(numbers).mapToObj(lab::host).toList();
  }

  /** The cluster on other hosts: one goes, another comes in its place in the file. */
  ClusterFile with(LabHost old, LabHost other) {
    List<LabHost> hosts = new ArrayList<>(prod.hosts());
    hosts.set(hosts.indexOf(old), other);
    return prod.withHosts(hosts);
  }

  LabHost hostOf(String member) {
    return MemberProof.hostOf(fleet, prod.cluster(), member);
  }

  String leader() {
    return MemberProof.leader(fleet, prod.cluster());
  }

  /**
   * Something happens that leaves the cluster as {@code after}; a client that writes to the members
   * that stay notices nothing, and all members have the same data.
   */
  void change(String what, ClusterFile after, Runnable happening) {
    change(what, prod.hosts().stream().filter(after.hosts()::contains).toList(), after, happening);
  }

  /** The same where it is said which members stay. */
  void change(String what, List<LabHost> staying, ClusterFile after, Runnable happening) {
    try (WritingProcess writing = fleet.startWriting(prod.withHosts(staying), true)) {
      happening.run();
      over(what);
      prod = after;
      Proof.healthy(fleet, prod);
      writing.changeEndpoints(prod.endpoints());
      MemberProof.unnoticed(what, writing.finish());
    }
    MemberProof.same(fleet, prod);
  }

  private void over(String what) {
    Await.until(
        what + " is over",
        TO_BE_OVER,
        () -> fleet.json("rollout", "status", prod.cluster()).getString("state").equals("done"),
        () -> fleet.quorate("events", prod.cluster()).out() + Proof.rollout(fleet, prod));
  }

  /** A host that was dead: its cluster has no use for its old data any more. */
  void comesBackForNothing(LabHost dead) {
    dead.boot();
    fleet.awaitConnected(List.of(dead));
    String aside = "ls -d /var/lib/etcd/%s.set-aside-*".formatted(prod.cluster());
    Await.until(
        "the old host is tidied up",
        PATIENCE,
        () ->
            dead.run("sh", "-c", aside).succeeded()
                && fleet.json("host", "describe", dead.name()).getJsonArray("members").isEmpty(),
        () -> fleet.quorate("host", "describe", dead.name()).out());
    MemberProof.retired(fleet, dead, prod.cluster());
    Proof.healthy(fleet, prod);
  }

  /** Runs {@code quorate WORDS… --yes} to its end. */
  Ran run(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--yes", "--timeout", "4m"));
    return fleet.quorate(all.toArray(String[]::new));
  }

  /** The same without waiting. */
  Ran begin(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--yes", "--detach"));
    return fleet.quorate(all.toArray(String[]::new));
  }

  /** Waits until a rollout that is begun here comes to a step, by how its description begins. */
  void begunAt(String step, Runnable begin) {
    try (StepWatch steps = new StepWatch(fleet.data())) {
      begin.run();
      Await.until(
          step,
          PATIENCE,
          () -> steps.begun().stream().anyMatch(s -> s.startsWith(step)),
          () -> steps.begun() + fleet.quorate("events", prod.cluster()).out());
    }
  }

  /** Begins a rollout and does something at each of its steps; the steps at which it was done. */
  Set<String> atEachStep(Predicate<String> when, Consumer<String> kill, Runnable begin) {
    Set<String> done = new HashSet<>();
    try (StepWatch steps = new StepWatch(fleet.data())) {
      begin.run();
      Await.until(
          "every step was begun",
          Duration.ofMinutes(6),
          () -> {
            for (String step : steps.begun()) {
              if (when.test(step) && done.add(step)) {
                kill.accept(step);
              }
            }
            return steps.over();
          },
          () -> steps.begun() + fleet.quorate("events", prod.cluster()).out());
    }
    System.out.printf("killed at %d steps: %s%n", done.size(), done);
    return done;
  }

  void killCoordinator() {
    fleet.killCoordinator();
    fleet.startCoordinator();
  }

  /** It is refused with this code, says what to do, and nothing is changed. */
  void refused(String code, String... words) {
    String before = revisions();
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--yes");
    Ran ran = fleet.quorate(all.toArray(String[]::new));
    assertFalse(ran.succeeded(), ran::out);
    assertTrue(ran.err().contains(code + " ") || ran.err().contains(code + ":"), ran::err);
    assertTrue(ran.err().contains("remedy:"), ran::err);
    assertTrue(ran.err().contains("nothing was changed"), ran::err);
    assertEquals(before, revisions());
  }

  private String revisions() {
    return Proof.objects(fleet.json("status").getJsonArray("clusters")).stream()
        .map(c -> c.getString("cluster") + "=" + c.getLong("revision"))
        .toList()
        .toString();
  }
}
