package io.quorate.lab.sim;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.etcd.model.ModelProcess;
import io.quorate.coordinator.etcd.model.StartConfig;
import io.quorate.coordinator.etcd.model.StartConfig.Way;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One member on a plain agent's host: what lies on the disk, and the service, which the agent does
 * not take down with it.
 */
final class PlainMember {
  private static final int FAILURES = 5;
  private static final Duration GIVEN_UP = Duration.ofMinutes(1);
  private static final String FORCING = "-forcing";

  private final World world;
  private final SimHost host;

  // On disk.
  String data = "";
  String stamp = "";
  String remembered = "";

  /** The mark that the one special start is due, or under way. */
  boolean forcing;

  final List<Aside> aside = new ArrayList<>();
  final List<String> copies = new ArrayList<>();
  final List<String> releases = new ArrayList<>();
  boolean certificates;
  boolean enabled;
  String alone = "";
  long converged;
  @Nullable MemberConfig configured;

  // The service.
  private @Nullable ModelProcess process;
  private String fingerprint = "";
  private Instant started = Instant.EPOCH;
  private int failures;
  private int restarts;
  private boolean forced;
  boolean failed;
  boolean stopping;
  boolean restarting;
  String lastWords = "";
  Optional<HostReport.Trouble> trouble = Optional.empty();

  /** Data out of the way, kept: renamed, or copied. */
  record Aside(String name, String data) {}

  PlainMember(World world, SimHost host) {
    this.world = world;
    this.host = host;
  }

  // ---- the disk ----

  void setAside() {
    world.checks().beforeSetAside(host, data);
    aside.add(new Aside(stamp, world.plant() == Plant.THROWS_AWAY ? "" : data));
    stamp = "";
    data = "";
  }

  private static String copyName(MemberConfig wanted) {
    return "before-" + wanted.data().lineage();
  }

  boolean copiedBefore(MemberConfig wanted) {
    return aside.stream().anyMatch(a -> a.name.equals(copyName(wanted)));
  }

  void copyBefore(MemberConfig wanted) {
    aside.add(new Aside(copyName(wanted), data));
  }

  List<String> asideData() {
    return aside.stream().map(Aside::data).toList();
  }

  private final class Disk implements StartConfig.DataDirectory {
    @Override
    public String read() {
      return data;
    }

    @Override
    public void write(String text) {
      data = text;
    }
  }

  StartConfig startConfig(MemberConfig config, Way way) {
    return new StartConfig(
        config.releases().running().version(),
        config.id().member().value(),
        config.endpoints().peerUrl(),
        config.endpoints().clientUrl(),
        config.formation().initialMembers(),
        way,
        config.formation().token(),
        new Disk());
  }

  // ---- the service ----

  Optional<ModelProcess> process() {
    return Optional.ofNullable(process).filter(p -> !p.ended());
  }

  boolean runs() {
    return process().isPresent();
  }

  /** From its own files, and not for the one special start. */
  boolean runsAs(MemberConfig wanted) {
    return runs() && fingerprint.equals(wanted.fingerprint());
  }

  boolean runsForced(MemberConfig wanted) {
    return runs() && fingerprint.equals(wanted.fingerprint() + FORCING);
  }

  /** Writes its files, enables and starts it. */
  void start(MemberConfig wanted) {
    if (!runs()) {
      configured = wanted;
      forced = forcing;
      enabled = true;
      failures = 0;
      failed = false;
      launch(wanted);
    }
  }

  /** After a boot nothing of what the service manager knew is left. */
  void booted() {
    restarting = false;
    failures = 0;
    failed = false;
    stopping = false;
  }

  void losePower() {
    Optional<ModelProcess> running = process();
    process = null;
    running.ifPresent(world.etcd()::kill);
  }

  private void launch(MemberConfig config) {
    world.say("%s: etcd starts %s".formatted(host.name(), config.id().member()));
    Way way = config.formation().joinsExisting() ? Way.JOIN : Way.FOUND;
    world.checks().beforeStart(host, new SimStart(data, forced, asideData()));
    fingerprint = config.fingerprint() + (forced ? FORCING : "");
    started = world.time().instant();
    stopping = false;
    restarting = false;
    ModelProcess mine =
        world
            .etcd()
            .start(
                startConfig(config, forced ? Way.FORCE : way),
                (code, words) -> ended(config, code, words));
    process = mine;
    if (config.releases().running().version().toString().equals(Scenario.BROKEN)) {
      world.time().after(Duration.ofMillis(50), () -> world.etcd().fail(mine, "panic: broken"));
    }
  }

  private void ended(MemberConfig config, int code, String words) {
    lastWords = words;
    if (!host.up()) {
      return;
    }
    world.say("%s: etcd ends %d %s".formatted(host.name(), code, words));
    boolean ours = stopping;
    process = null;
    stopping = false;
    if (ours || code == 0) {
      return;
    }
    failures++;
    restarts++;
    restarting = true;
    if (failures >= FAILURES) {
      failed = true;
      restarting = false;
      world.time().after(GIVEN_UP, () -> afresh(config));
      return;
    }
    world.time().after(Duration.ofSeconds(1), () -> again(config));
  }

  /** The agent's doing: another round after a longer pause. */
  private void afresh(MemberConfig config) {
    if (host.up() && failed && !runs() && config.equals(configured)) {
      failures = 0;
      failed = false;
      launch(config);
    }
  }

  private void again(MemberConfig config) {
    boolean due = restarting && config.equals(configured);
    if (host.up() && !runs() && due) {
      launch(config);
    }
  }

  // ---- what is said of it ----

  Optional<PlainActions.Action> troubled(Code code, String sentence) {
    trouble = Optional.of(new HostReport.Trouble(code, sentence, "", world.time().instant()));
    return Optional.empty();
  }

  HostReport.Member report(MemberConfig.Id id) {
    return new HostReport.Member(
        id,
        converged,
        new HostReport.DataState(stamp, "", "", aside.stream().map(Aside::name).toList()),
        new HostReport.Unit(
            state(),
            enabled,
            restarts,
            runs()
                ? new HostReport.Running(1, started, "", "", fingerprint)
                : HostReport.Running.none(),
            new HostReport.Failure(0, List.of())),
        new HostReport.Ready(releases, certificates),
        trouble.map(List::of).orElse(List.of()),
        List.of(),
        List.of(),
        "");
  }

  private HostReport.UnitState state() {
    if (runs()) {
      if (stopping) {
        return HostReport.UnitState.STOPPING;
      }
      return Objects.requireNonNull(process).serving()
          ? HostReport.UnitState.RUNNING
          : HostReport.UnitState.STARTING;
    }
    return failed ? HostReport.UnitState.FAILED : HostReport.UnitState.STOPPED;
  }
}
