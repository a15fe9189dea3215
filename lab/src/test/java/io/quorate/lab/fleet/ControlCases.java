package io.quorate.lab.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.lab.LabHost;
import io.quorate.lab.Ran;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The brakes of a rollout, two hands at one wheel, and parts that do not hear each other. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class ControlCases {
  private static final String OTHER = "3.5.30";

  private final Trial trial;
  private final Fleet fleet;

  ControlCases(Trial trial) {
    this.trial = trial;
    this.fleet = trial.fleet();
  }

  @Test
  @Order(1)
  void aPauseFinishesItsStepAndHoldsUntilResumed() {
    SortedMap<String, String> before = trial.invocations();
    ClusterFile upgrade = trial.base().withVersion(OTHER);
    Proof.succeeded(fleet.applyDetached(upgrade));
    awaitFirstRestart(before);
    fleet.quorate("rollout", "pause", "faults", "--reason", "lunch").orThrow();
    // As long as the step goes on, that is said beside the pause.
    trial.await(
        "paused", () -> trial.codes("holds", trial.rollout()).equals(List.of("Q3006")) && well());
    List<LabHost> touched = trial.touched(before);
    assertTrue(touched.size() < 3, touched::toString);
    JsonObject rollout = trial.rollout();
    assertEquals("paused", rollout.getString("state"));
    JsonObject restart = lastBegun(rollout);
    assertEquals("done", restart.getString("state"), rollout::encodePrettily);
    assertTrue(restart.getString("text").contains("in sync"), restart::encode);
    Instant since = Instant.parse(rollout.getJsonObject("progress").getString("waitingSince"));
    assertTrue(rollout.encode().contains("lunch"), rollout::encode);
    trial.await(
        "it has been paused for a while",
        () -> Instant.parse(trial.status().getString("observed")).isAfter(since.plusSeconds(3)));
    assertEquals(touched, trial.touched(before));

    fleet.quorate("rollout", "resume", "faults").orThrow();
    Ran watched = fleet.quorate("rollout", "status", "faults", "--watch");
    Trial.said(watched, 0, "rollout", "restart etcd-");
    trial.settled(upgrade);
  }

  @Test
  @Order(2)
  @Tag("soak")
  void anAbortLeavesTheMembersAsTheyAre() {
    SortedMap<String, String> before = trial.invocations();
    Proof.succeeded(fleet.applyDetached(trial.base()));
    awaitFirstRestart(before);
    fleet.quorate("rollout", "abort", "faults").orThrow();
    trial.await("aborted", () -> state().equals("aborted") && well());
    assertTrue(trial.touched(before).size() < 3, () -> trial.touched(before).toString());
    List<String> versions = versions();
    assertEquals(2, versions.size(), versions::toString);
    // It stays a wish that was not reached: whoever asks is told.
    assertTrue(trial.codes("findings", trial.status()).contains("Q3018"), trial::picture);
    fleet.quorate("rollout", "resume", "faults").orThrow();
    trial.settled(trial.base());
  }

  @Test
  @Order(3)
  @Tag("soak")
  void ofTwoPlansTheFirstWinsAndTheOtherIsTold() throws Exception {
    List<String> plans =
        Stream.of("{keep: 5}", "{keep: 6}", "{keep: 7}")
            .map(keep -> plan(trial.base().with("backup", keep)))
            .toList();
    List<Process> both =
        plans.stream()
            .limit(2)
            .map(plan -> fleet.begin("apply", plan, "--yes", "--detach"))
            .toList();
    int won = 0;
    for (Process each : both) {
      String said = output(each);
      assertTrue(each.waitFor(60, TimeUnit.SECONDS));
      won += each.exitValue() == 0 ? 1 : 0;
      assertTrue(
          each.exitValue() == 0 || (each.exitValue() == 6 && said.contains("nothing was changed")),
          said);
    }
    assertEquals(1, won);
    trial.await("that is in place", trial::reached);
    Trial.said(fleet.quorate("apply", plans.get(2), "--yes"), 6, "Q1305", "quorate plan -f");
    trial.reach(trial.base());
  }

  @Test
  @Order(4)
  @Tag("soak")
  void whileARolloutIsUnderWayAnotherWishWaitsAndItsWatcherMayLeave() throws Exception {
    ClusterFile upgrade = trial.base().withVersion(OTHER);
    Process watcher =
        fleet.begin("apply", "-f", fleet.write(upgrade).toString(), "--yes", "--progress=plain");
    trial.await("it has begun", () -> trial.status().getLong("revision") > appliedRevision());
    Trial.said(
        fleet.applyDetached(trial.base().with("etcd", "{snapshot-count: 5000}")),
        6,
        "Q1307",
        "quorate rollout pause faults");

    new ProcessBuilder("kill", "-INT", Long.toString(watcher.pid())).start().waitFor();
    assertTrue(watcher.waitFor(30, TimeUnit.SECONDS));
    String said = output(watcher);
    assertEquals(130, watcher.exitValue(), said);
    assertTrue(said.contains("goes on"), said);
    assertTrue(said.contains("quorate rollout pause faults"), said);
    trial.settled(upgrade);
  }

  @Test
  @Order(5)
  void aHostThatIsNotHeardIsWaitedFor() {
    SortedMap<String, String> before = trial.invocations();
    ClusterFile upgrade = trial.base().withVersion(other());
    Proof.succeeded(fleet.applyDetached(upgrade));
    awaitFirstRestart(before);
    LabHost last = untouched(before);
    last.cutFromSwitch();
    try {
      trial.await("it waits for the host", () -> holds("Q3003"));
      assertTrue(trial.rollout().encode().contains(last.name()), trial::picture);
      assertTrue(trial.touched(before).size() < 3, () -> trial.touched(before).toString());
    } finally {
      last.heal();
    }
    trial.settled(upgrade);
  }

  @Test
  @Order(6)
  @Tag("soak")
  void butNotBeyondTheDeadline() {
    SortedMap<String, String> before = trial.invocations();
    ClusterFile patient =
        trial
            .base()
            .withVersion(other())
            .with("rollout", "{soak: 0s, memberDeadline: 15s, progressDeadline: 30s}");
    Proof.succeeded(fleet.applyDetached(patient));
    awaitFirstRestart(before);
    LabHost last = untouched(before);
    last.cutFromSwitch();
    try {
      trial.await("it waits for the host", () -> holds("Q3003"));
      assertNotNull(trial.rollout().getJsonObject("progress").getString("waitingSince"));
      trial.await("its deadline passes", () -> state().equals("failed") && holds("Q3303"));
      assertTrue(trial.rollout().encode().contains(last.name()), trial::picture);
    } finally {
      last.heal();
    }
    fleet.awaitConnected(List.of(last));
    fleet.quorate("rollout", "resume", "faults").orThrow();
    trial.settled(patient);
  }

  @Test
  @Order(7)
  void aMemberThatTheOthersDoNotHearIsWaitedFor() {
    SortedMap<String, String> before = trial.invocations();
    ClusterFile upgrade =
        trial
            .base()
            .withVersion(other())
            .with("rollout", "{soak: 0s, memberDeadline: 1m, progressDeadline: 2m}");
    Proof.succeeded(fleet.applyDetached(upgrade));
    awaitFirstRestart(before);
    LabHost last = untouched(before);
    trial.lab().hosts().stream().filter(h -> !h.equals(last)).forEach(last::cutFrom);
    try {
      // Cut off after the second was told to stop, it is the second one's host that refuses.
      trial.await(
          "it waits for the member",
          () ->
              Stream.of("Q3007", "Q3008").anyMatch(this::holds)
                  || fleet.json("rollout", "status", "faults").encode().contains("Q2019"));
      assertTrue(trial.touched(before).size() < 3, () -> trial.touched(before).toString());
    } finally {
      last.heal();
    }
    trial.settled(upgrade);
    trial.reach(trial.base());
  }

  private static JsonObject lastBegun(JsonObject rollout) {
    return Trial.objects(rollout.getJsonArray("steps")).stream()
        .filter(step -> step.getString("started") != null)
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private void awaitFirstRestart(SortedMap<String, String> before) {
    Await.until(
        "a member restarts",
        Duration.ofSeconds(60),
        () -> !trial.touched(before).isEmpty(),
        trial::picture);
  }

  private LabHost untouched(SortedMap<String, String> before) {
    List<LabHost> touched = trial.touched(before);
    return trial.lab().hosts().reversed().stream()
        .filter(h -> !touched.contains(h))
        .findFirst()
        .orElseThrow();
  }

  private String plan(ClusterFile file) {
    return fleet.json("plan", "-f", fleet.write(file).toString()).getString("id");
  }

  private String state() {
    return trial.rollout().getString("state");
  }

  private boolean holds(String code) {
    return trial.holds(code);
  }

  /** The one of the two releases that it does not run now. */
  private String other() {
    return versions().contains(OTHER) ? trial.base().version() : OTHER;
  }

  private boolean well() {
    return List.of("healthy", "warning").contains(trial.status().getString("health"));
  }

  private long appliedRevision() {
    return trial.status().getLong("appliedRevision");
  }

  private List<String> versions() {
    return Trial.objects(trial.status().getJsonArray("members")).stream()
        .map(m -> m.getString("etcdVersion"))
        .distinct()
        .toList();
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
