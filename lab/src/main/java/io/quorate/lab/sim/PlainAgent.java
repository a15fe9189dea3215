package io.quorate.lab.sim;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.model.Seed;
import io.quorate.coordinator.etcd.model.ModelProcess;
import io.quorate.coordinator.etcd.model.StartConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an agent promises, in the fewest words: the document is stored before anything is done,
 * older ones are refused, and the host is brought to it action by action, each of which may be the
 * last before a crash.
 */
final class PlainAgent implements SimAgent {
  private static final int FAILURES = 5;

  private final World world;
  private final SimHost host;

  // On disk.
  private long epoch;
  private HostConfig document = HostConfig.empty(0);
  private final Map<MemberConfig.Id, Laid> laid =
      new TreeMap<>(java.util.Comparator.comparing(MemberConfig.Id::toString));
  private final Map<String, OperationOutcome> outcomes = new TreeMap<>();
  private long sequence;

  // In memory.
  private boolean running;
  private int life;

  /** Only the newest look is taken: many that were told to look do not look many times. */
  private int looks;

  private boolean busy;

  /** One member on this host's disk, and its service. */
  private static final class Laid {
    String data = "";
    String stamp = "";
    String remembered = "";
    final List<String> aside = new ArrayList<>();
    final List<String> copies = new ArrayList<>();
    final List<String> releases = new ArrayList<>();
    boolean certificates;
    boolean enabled;
    long converged;
    @Nullable MemberConfig configured;

    // The service, which the agent does not take down with it.
    @Nullable ModelProcess process;
    String fingerprint = "";
    Instant started = Instant.EPOCH;
    int failures;
    int restarts;
    boolean failed;
    boolean stopping;
    boolean restarting;
    String lastWords = "";
    Optional<HostReport.Trouble> trouble = Optional.empty();

    boolean runs() {
      return process != null && !process.ended();
    }
  }

  PlainAgent(World world, SimHost host) {
    this.world = world;
    this.host = host;
  }

  // ---- life ----

  @Override
  public void start() {
    running = true;
    life++;
    busy = false;
    step();
  }

  @Override
  public void die() {
    running = false;
    life++;
  }

  @Override
  public void losePower() {
    for (Laid member : laid.values()) {
      ModelProcess process = member.process;
      member.process = null;
      if (process != null) {
        world.etcd().kill(process);
      }
    }
  }

  @Override
  public void boot() {
    for (Laid member : laid.values()) {
      member.restarting = false;
      member.failures = 0;
      member.failed = false;
      member.stopping = false;
      if (member.enabled && member.configured != null) {
        launch(member, member.configured);
      }
    }
  }

  // ---- what it is told ----

  @Override
  public void desired(HostConfig told) {
    boolean older =
        told.epoch() < epoch
            || (told.epoch() == epoch && told.generation() < document.generation())
            || told.generation() < document.generation();
    if (older || (told.generation() == document.generation() && told.epoch() == epoch)) {
      return;
    }
    epoch = told.epoch();
    document = told;
    host.report();
    step();
  }

  @Override
  public void operation(Operation operation) {
    OperationOutcome known = outcomes.get(operation.id());
    if (known != null) {
      tell(known);
      return;
    }
    if (operation.epoch() < epoch) {
      return;
    }
    int mine = life;
    later(
        200,
        2000,
        () -> {
          if (mine == life && !outcomes.containsKey(operation.id())) {
            OperationOutcome outcome = run(operation);
            outcomes.put(operation.id(), outcome);
            tell(outcome);
          }
        });
  }

  private void tell(OperationOutcome outcome) {
    world.toCoordinator(host, link -> link.finished(outcome));
  }

  private OperationOutcome run(Operation operation) {
    return switch (operation.task()) {
      case Operation.SaveSnapshot save -> done(operation, Map.of("sha256", "s", "size", "1"));
      case Operation.ExportData export -> export(operation, export);
      default -> done(operation, Map.of());
    };
  }

  private OperationOutcome export(Operation operation, Operation.ExportData export) {
    Laid member = laid.get(export.member());
    if (member == null
        || member.runs()
        || !member.stamp.equals(export.lineage())
        || member.data.isEmpty()) {
      return new OperationOutcome(
          operation.id(),
          operation.epoch(),
          Optional.of(Code.Q3601),
          "there is nothing to export",
          new TreeMap<>());
    }
    String digest = "copy-" + operation.id();
    world.blobs().put(digest, member.data);
    return done(operation, Map.of("sha256", digest, "size", "1"));
  }

  private static OperationOutcome done(Operation operation, Map<String, String> facts) {
    return new OperationOutcome(
        operation.id(), operation.epoch(), Optional.empty(), "done", new TreeMap<>(facts));
  }

  // ---- what it does ----

  /** Finds the next action and takes it, after as long as that takes. */
  private void step() {
    if (!running || busy) {
      return;
    }
    for (MemberConfig wanted : document.members()) {
      Laid member = laid.computeIfAbsent(wanted.id(), id -> new Laid());
      Optional<Action> action = next(wanted, member);
      if (action.isPresent()) {
        busy = true;
        int mine = life;
        HostConfig basis = document;
        later(
            action.get().fastest,
            action.get().slowest,
            () -> {
              if (mine != life) {
                return;
              }
              busy = false;
              if (world.happens(world.weather().agentCrash())) {
                host.killAgent();
                return;
              }
              if (basis.equals(document)) {
                action.get().effect.run();
                host.report();
              }
              step();
            });
        return;
      }
      if (member.trouble.isEmpty() && member.converged < document.generation()) {
        member.converged = document.generation();
        host.report();
      }
    }
    forgetDropped();
    int mine = life;
    int look = ++looks;
    later(
        500,
        1000,
        () -> {
          if (mine == life && look == looks && !busy) {
            step();
          }
        });
    busy = false;
  }

  private void forgetDropped() {
    laid.entrySet()
        .removeIf(entry -> document.member(entry.getKey()).isEmpty() && !entry.getValue().runs());
  }

  private record Action(int fastest, int slowest, Runnable effect) {}

  private Optional<Action> next(MemberConfig wanted, Laid member) {
    member.trouble = Optional.empty();
    return switch (wanted.conduct().run()) {
      case PREPARED -> stop(wanted, member).or(() -> prepare(wanted, member));
      case RUNNING -> prepare(wanted, member).or(() -> run(wanted, member));
      case STOPPED -> stop(wanted, member);
      case RETIRED -> stop(wanted, member).or(() -> retire(member));
    };
  }

  private Optional<Action> prepare(MemberConfig wanted, Laid member) {
    List<String> missing = new ArrayList<>();
    wanted.releases().staged().forEach(r -> missing.add(r.sha256()));
    missing.add(wanted.releases().running().sha256());
    missing.removeAll(member.releases);
    if (!missing.isEmpty()) {
      return reachesCoordinator()
          ? Optional.of(new Action(100, 1500, () -> member.releases.add(missing.getFirst())))
          : trouble(member, Code.Q2015, "the release cannot be fetched");
    }
    if (!member.certificates) {
      return reachesCoordinator()
          ? Optional.of(new Action(50, 300, () -> member.certificates = true))
          : trouble(member, Code.Q2017, "certificates cannot be had");
    }
    String lineage = wanted.data().lineage();
    if (!member.stamp.isEmpty() && !member.stamp.equals(lineage)) {
      if (!wanted.data().supersedes().contains(member.stamp)) {
        return trouble(member, Code.Q2012, "data of another lineage: " + member.stamp);
      }
      return stop(wanted, member).or(() -> Optional.of(new Action(5, 50, () -> setAside(member))));
    }
    return Optional.empty();
  }

  private Optional<Action> run(MemberConfig wanted, Laid member) {
    String lineage = wanted.data().lineage();
    if (member.stamp.isEmpty()) {
      boolean sent =
          wanted.data().seed() instanceof Seed.Copy copy && !member.copies.contains(copy.sha256());
      if (member.remembered.equals(lineage) && !sent) {
        return trouble(member, Code.Q2013, "the data of this member is gone");
      }
      return seed(wanted, member);
    }
    if (member.runs() && member.fingerprint.equals(wanted.fingerprint())) {
      return Optional.empty();
    }
    if (member.runs()) {
      return stop(wanted, member);
    }
    if (member.failed && wanted.equals(member.configured)) {
      return trouble(member, Code.Q2018, "etcd fails: " + member.lastWords);
    }
    if (member.restarting && wanted.equals(member.configured)) {
      return Optional.empty();
    }
    return Optional.of(
        new Action(
            20,
            100,
            () -> {
              if (!member.runs()) {
                member.configured = wanted;
                member.enabled = true;
                member.failures = 0;
                member.failed = false;
                launch(member, wanted);
              }
            }));
  }

  private Optional<Action> seed(MemberConfig wanted, Laid member) {
    String content =
        switch (wanted.data().seed()) {
          case Seed.Empty empty -> "";
          case Seed.Copy copy -> world.blobs().getOrDefault(copy.sha256(), "?");
          case Seed.Snapshot snapshot -> "?";
          case Seed.Forced forced -> "?";
        };
    if (content.equals("?")) {
      return trouble(member, Code.Q2015, "the copy cannot be had");
    }
    return Optional.of(
        new Action(
            20,
            500,
            () -> {
              member.data = content;
              member.stamp = wanted.data().lineage();
              member.remembered = member.stamp;
              if (wanted.data().seed() instanceof Seed.Copy copy) {
                member.copies.add(copy.sha256());
              }
            }));
  }

  private Optional<Action> stop(MemberConfig wanted, Laid member) {
    member.restarting = false;
    if (!member.runs()) {
      // What is stopped must not start with its host.
      return member.enabled
          ? Optional.of(new Action(5, 20, () -> member.enabled = false))
          : Optional.empty();
    }
    if (member.stopping) {
      return Optional.of(new Action(50, 200, () -> {}));
    }
    ModelProcess process = java.util.Objects.requireNonNull(member.process);
    boolean accepted = wanted.conduct().acceptedQuorumLoss().isPresent() || !world.floor();
    if (!accepted && process.serving() && !world.etcd().restHoldsQuorum(process)) {
      return trouble(member, Code.Q2019, "stopping it would cost the cluster its quorum");
    }
    return Optional.of(
        new Action(
            1,
            20,
            () -> {
              // Asked again at the last moment, as close to the deed as it gets.
              if (accepted || !process.serving() || world.etcd().restHoldsQuorum(process)) {
                world.checks().beforeStop(host, wanted, process);
                member.stopping = true;
                world.etcd().stop(process);
              }
            }));
  }

  private Optional<Action> retire(Laid member) {
    return member.stamp.isEmpty()
        ? Optional.empty()
        : Optional.of(new Action(5, 50, () -> setAside(member)));
  }

  private void setAside(Laid member) {
    world.checks().beforeSetAside(host, member.data);
    member.aside.add(member.stamp);
    member.stamp = "";
    member.data = "";
  }

  private boolean reachesCoordinator() {
    return world.coordinator().isPresent()
        && world.etcd().network().connects(host.address(), World.COORDINATOR);
  }

  private Optional<Action> trouble(Laid member, Code code, String sentence) {
    member.trouble =
        Optional.of(new HostReport.Trouble(code, sentence, "", world.time().instant()));
    return Optional.empty();
  }

  private void later(int fastest, int slowest, Runnable effect) {
    int millis = fastest + world.random().nextInt(slowest - fastest + 1);
    world.time().after(Duration.ofMillis((long) millis * host.slowness()), effect);
  }

  // ---- the service ----

  private void launch(Laid member, MemberConfig config) {
    world.say("%s: etcd starts %s".formatted(host.name(), config.id().member()));
    member.fingerprint = config.fingerprint();
    member.started = world.time().instant();
    member.stopping = false;
    member.restarting = false;
    member.process =
        world
            .etcd()
            .start(
                new StartConfig(
                    config.releases().running().version(),
                    config.id().member().value(),
                    config.endpoints().peerUrl(),
                    config.endpoints().clientUrl(),
                    config.formation().initialMembers(),
                    config.formation().joinsExisting(),
                    config.formation().token(),
                    new StartConfig.DataDirectory() {
                      @Override
                      public String read() {
                        return member.data;
                      }

                      @Override
                      public void write(String text) {
                        member.data = text;
                      }
                    }),
                (code, words) -> ended(member, config, code, words));
    ModelProcess process = member.process;
    if (config.releases().running().version().toString().equals(Scenario.BROKEN)) {
      world.time().after(Duration.ofMillis(50), () -> world.etcd().fail(process, "panic: broken"));
    }
  }

  private void ended(Laid member, MemberConfig config, int code, String words) {
    member.lastWords = words;
    if (!host.up()) {
      return;
    }
    world.say("%s: etcd ends %d %s".formatted(host.name(), code, words));
    boolean ours = member.stopping;
    member.process = null;
    member.stopping = false;
    if (ours || code == 0) {
      return;
    }
    member.failures++;
    member.restarts++;
    member.restarting = true;
    if (member.failures >= FAILURES) {
      member.failed = true;
      member.restarting = false;
      return;
    }
    world
        .time()
        .after(
            Duration.ofSeconds(1),
            () -> {
              boolean due = member.restarting && config.equals(member.configured);
              if (host.up() && !member.runs() && due) {
                launch(member, config);
              }
            });
  }

  /** Kills some process, as a fault. */
  @Override
  public void killProcess() {
    for (Laid member : laid.values()) {
      if (member.process != null && !member.process.ended()) {
        world.etcd().kill(member.process);
      }
    }
  }

  @Override
  public Optional<ModelProcess> process() {
    return laid.values().stream()
        .filter(Laid::runs)
        .map(member -> java.util.Objects.requireNonNull(member.process))
        .findFirst();
  }

  // ---- what it says ----

  @Override
  public HostReport report() {
    return new HostReport(
        ++sequence,
        world.time().instant(),
        epoch,
        document.generation(),
        document.members().stream().map(this::report).toList(),
        List.of(),
        new HostReport.Load(0, 0, 0),
        List.of());
  }

  private HostReport.Member report(MemberConfig wanted) {
    Laid member = laid.computeIfAbsent(wanted.id(), id -> new Laid());
    return new HostReport.Member(
        wanted.id(),
        member.converged,
        new HostReport.DataState(member.stamp, "", "", member.aside),
        new HostReport.Unit(
            state(member),
            member.enabled,
            member.restarts,
            member.runs()
                ? new HostReport.Running(1, member.started, "", "", member.fingerprint)
                : HostReport.Running.none(),
            new HostReport.Failure(0, List.of())),
        new HostReport.Ready(member.releases, member.certificates),
        member.trouble.map(List::of).orElse(List.of()),
        List.of(),
        List.of(),
        "");
  }

  private static HostReport.UnitState state(Laid member) {
    if (member.runs()) {
      if (member.stopping) {
        return HostReport.UnitState.STOPPING;
      }
      return java.util.Objects.requireNonNull(member.process).serving()
          ? HostReport.UnitState.RUNNING
          : HostReport.UnitState.STARTING;
    }
    return member.failed ? HostReport.UnitState.FAILED : HostReport.UnitState.STOPPED;
  }

  /** Whether data of the same member of the same cluster lies here, in use or not. */
  @Override
  public boolean holdsDataLike(String data) {
    String identity = data.substring(0, data.lastIndexOf(' ') + 1);
    return laid.values().stream().anyMatch(member -> member.data.startsWith(identity));
  }
}
