package io.quorate.lab.sim;

import io.quorate.agent.host.Layout;
import io.quorate.agent.host.MemoryHost;
import io.quorate.common.error.Code;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.coordinator.etcd.model.ModelProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What an agent promises, in the fewest words: the document is stored before anything is done,
 * older ones are refused, and the host is brought to it action by action ({@link PlainActions}),
 * each of which may be the last before a crash.
 */
final class PlainAgent implements SimAgent {
  private final World world;
  private final SimHost host;
  private final SimBoot boot;
  private final PlainActions actions;

  // On disk.
  private long epoch;
  private HostConfig document = HostConfig.empty(0);
  private final Map<MemberConfig.Id, PlainMember> laid =
      new TreeMap<>(java.util.Comparator.comparing(MemberConfig.Id::toString));
  private final List<String> kept = new ArrayList<>();
  private final Map<String, OperationOutcome> outcomes = new TreeMap<>();
  private long sequence;

  // In memory.
  private boolean running;
  private int life;

  /** Only the newest look is taken: many that were told to look do not look many times. */
  private int looks;

  private boolean busy;

  PlainAgent(World world, SimHost host) {
    this.world = world;
    this.host = host;
    this.boot = new SimBoot(world, host, new MemoryHost(world.time()), Layout.under(Path.of("/q")));
    this.actions = new PlainActions(world, host, boot);
  }

  private PlainMember laid(MemberConfig.Id id) {
    return laid.computeIfAbsent(id, unknown -> new PlainMember(world, host));
  }

  // ---- life ----

  @Override
  public void start() {
    running = true;
    life++;
    busy = false;
    boot.begin(new Booting());
    step();
  }

  private final class Booting implements SimBoot.Agent {
    @Override
    public List<MemberConfig> members() {
      return document.members();
    }

    @Override
    public boolean runs() {
      return process().isPresent();
    }

    @Override
    public void startsAlone(MemberConfig member) {
      laid(member.id()).alone = member.data().lineage();
    }

    @Override
    public void takeBack() {
      // No service manager starts anything by itself here.
    }

    @Override
    public void settle() {
      // It does nothing but what the document says.
    }

    @Override
    public void ready() {
      step();
    }
  }

  @Override
  public void die() {
    running = false;
    life++;
    boot.end();
  }

  @Override
  public void losePower() {
    boot.losePower();
    laid.values().forEach(PlainMember::losePower);
  }

  @Override
  public void boot() {
    laid.values().forEach(PlainMember::booted);
  }

  @Override
  public boolean waitsToBeTold() {
    return boot.waits();
  }

  // ---- what it is told ----

  @Override
  public void desired(HostConfig told) {
    boolean older = told.epoch() < epoch || told.generation() < document.generation();
    if (older) {
      return;
    }
    boolean same = told.generation() == document.generation() && told.epoch() == epoch;
    if (!same) {
      epoch = told.epoch();
      document = told;
    }
    told.members().stream()
        .filter(m -> !m.conduct().mindsRecovery())
        .forEach(m -> laid(m.id()).alone = "");
    boot.told();
    if (!same) {
      host.report();
      step();
    }
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
    PlainMember member = laid.get(export.member());
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
      PlainMember member = laid(wanted.id());
      Optional<PlainActions.Action> action = actions.next(wanted, member);
      if (action.isPresent()) {
        take(action.get());
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

  private void take(PlainActions.Action action) {
    busy = true;
    int mine = life;
    HostConfig basis = document;
    later(
        action.fastest(),
        action.slowest(),
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
            action.effect().run();
            host.report();
          }
          step();
        });
  }

  /** What was set aside for them stays. */
  private void forgetDropped() {
    List<MemberConfig.Id> dropped =
        laid.keySet().stream()
            .filter(id -> document.member(id).isEmpty() && !laid(id).runs())
            .toList();
    for (MemberConfig.Id id : dropped) {
      kept.addAll(laid(id).asideData());
      laid.remove(id);
    }
  }

  private void later(int fastest, int slowest, Runnable effect) {
    int millis = fastest + world.random().nextInt(slowest - fastest + 1);
    world.time().after(Duration.ofMillis((long) millis * host.slowness()), effect);
  }

  // ---- what is seen of it ----

  /** Kills some process, as a fault. */
  @Override
  public void killProcess() {
    laid.values().stream().flatMap(m -> m.process().stream()).forEach(world.etcd()::kill);
  }

  @Override
  public Optional<ModelProcess> process() {
    return laid.values().stream().flatMap(m -> m.process().stream()).findFirst();
  }

  @Override
  public HostReport report() {
    return new HostReport(
        ++sequence,
        world.time().instant(),
        epoch,
        document.generation(),
        document.members().stream().map(m -> laid(m.id()).report(m.id())).toList(),
        List.of(),
        new HostReport.Load(0, 0, 0),
        List.of());
  }

  @Override
  public List<String> data() {
    return laid.values().stream().map(m -> m.data).filter(d -> !d.isEmpty()).toList();
  }

  @Override
  public List<String> aside() {
    return Stream.concat(kept.stream(), laid.values().stream().flatMap(m -> m.asideData().stream()))
        .toList();
  }
}
