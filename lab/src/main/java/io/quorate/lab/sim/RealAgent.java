package io.quorate.lab.sim;

import io.quorate.agent.converge.OpenedCore;
import io.quorate.agent.etcd.LocalEtcd;
import io.quorate.agent.etcd.TestSigner;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.MemoryHost;
import io.quorate.agent.operate.Uploads;
import io.quorate.agent.reconcile.Memory;
import io.quorate.agent.release.BlobSource;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.coordinator.etcd.model.ModelEtcd;
import io.quorate.coordinator.etcd.model.ModelProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own core over a host in memory. It may be killed before any change that it makes to
 * the disk; what is on the disk, and the service, are there when it begins again.
 */
final class RealAgent implements SimAgent {
  private static final int CHANGES = 12;
  private static final long SETTLING_SECONDS = 10;
  private static final String ASIDE = ".set-aside-";

  private final World world;
  private final SimHost machine;
  private final MemoryHost host;
  private final SimServices services;
  private final SimBoot boot;
  private final Layout layout = Layout.under(Path.of("/q"));
  private final OpenedCore.Around around;
  private @Nullable OpenedCore opened;
  private int life;
  private int wakes;

  RealAgent(World world, SimHost machine) {
    this.world = world;
    this.machine = machine;
    this.host = new MemoryHost(world.time());
    new SimPrograms(world, host).install();
    this.boot = new SimBoot(world, machine, host, layout);
    this.services = new SimServices(world, machine, host);
    host.setCrashPoints(this::reached);
    this.around =
        new OpenedCore.Around(
            host,
            layout,
            services,
            new Etcd(),
            new OpenedCore.Line(
                this::fetch, new TestSigner(world.time(), machine.address()), this::upload));
  }

  // ---- life ----

  @Override
  public void start() {
    life++;
    OpenedCore core = OpenedCore.open(around, world.time(), boot::mayStart);
    opened = core;
    services.onEnd(() -> soon(Duration.ofMillis(1)));
    boot.begin(new Booting(core));
    soon(Duration.ofMillis(1));
  }

  private final class Booting implements SimBoot.Agent {
    private final OpenedCore core;

    Booting(OpenedCore core) {
      this.core = core;
    }

    @Override
    public List<MemberConfig> members() {
      return core.journal().document().map(HostConfig::members).orElse(List.of());
    }

    @Override
    public boolean runs() {
      return process().isPresent();
    }

    @Override
    public void startsAlone(MemberConfig member) {
      var unused =
          core.journal()
              .remember(member.id().cluster(), it -> it.withAlone(member.data().lineage()));
    }

    @Override
    public void takeBack() {
      for (MemberConfig member : members()) {
        ClusterName cluster = member.id().cluster();
        var unused = core.journal().remember(cluster, it -> it.with(Memory.Note.APPLIED, ""));
        services.stop(cluster);
      }
    }

    @Override
    public void settle() {
      core.settle();
    }

    @Override
    public void ready() {
      services.agentIsReady();
      soon(Duration.ofMillis(1));
    }
  }

  @Override
  public void die() {
    life++;
    opened = null;
    boot.end();
  }

  @Override
  public void losePower() {
    services.losePower();
  }

  @Override
  public void boot() {
    services.boot();
  }

  @Override
  public boolean waitsToBeTold() {
    return boot.waits();
  }

  private void soon(Duration pause) {
    int mine = life;
    int turn = ++wakes;
    long slow = pause.toMillis() * machine.slowness() + 1 + world.random().nextInt(5);
    world
        .time()
        .after(
            Duration.ofMillis(slow),
            () -> {
              if (mine == life && turn == wakes) {
                turn();
              }
            });
  }

  private void turn() {
    OpenedCore core = opened;
    if (core == null) {
      return;
    }
    HostReport before = core.core().report();
    if (world.happens(world.weather().agentCrash())) {
      host.crashAt(host.mutations() + 1 + world.random().nextInt(CHANGES));
    }
    Duration next;
    try {
      next = core.core().turn();
    } catch (MemoryHost.Crash crash) {
      machine.killAgent();
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      host.reviveAfterCrash();
    }
    if (!before.members().equals(core.core().report().members())) {
      machine.report();
    }
    soon(next.isZero() ? Duration.ofMillis(5) : next);
  }

  // ---- what it is told ----

  @Override
  public void desired(HostConfig document) {
    OpenedCore core = opened;
    if (core == null) {
      return;
    }
    try {
      boolean news = core.core().accept(document);
      boot.told();
      if (news) {
        machine.report();
        soon(Duration.ofMillis(1));
      }
    } catch (QuorateException e) {
      world.say("%s: %s".formatted(machine.name(), e.problem().code()));
    }
  }

  @Override
  public void operation(Operation operation) {
    OpenedCore core = opened;
    if (core == null) {
      return;
    }
    int mine = life;
    if (!admitted(core, operation)) {
      return;
    }
    Duration work = Duration.ofMillis(200 + world.random().nextInt(1800));
    world
        .time()
        .after(
            work,
            () -> {
              if (mine == life && admitted(core, operation)) {
                OperationOutcome outcome = perform(core, operation);
                core.journal().done(operation, outcome);
                tell(outcome);
              }
            });
  }

  /** Not when it is done already, which is told again, or is of a coordinator that is no more. */
  private boolean admitted(OpenedCore core, Operation operation) {
    try {
      Optional<OperationOutcome> known = core.journal().admit(operation);
      known.ifPresent(this::tell);
      return known.isEmpty();
    } catch (QuorateException e) {
      return false;
    }
  }

  private void tell(OperationOutcome outcome) {
    world.toCoordinator(machine, link -> link.finished(outcome));
  }

  private static OperationOutcome perform(OpenedCore core, Operation operation) {
    if (operation.task() instanceof Operation.SaveSnapshot) {
      return outcome(operation, Optional.empty(), "saved", Map.of("sha256", "s", "size", "1"));
    }
    try {
      return core.operations().perform(operation);
    } catch (QuorateException e) {
      return outcome(operation, Optional.of(e.problem().code()), e.problem().sentence(), Map.of());
    }
  }

  private static OperationOutcome outcome(
      Operation operation, Optional<Code> failure, String sentence, Map<String, String> facts) {
    return new OperationOutcome(
        operation.id(), operation.epoch(), failure, sentence, new TreeMap<>(facts));
  }

  // ---- the line ----

  private boolean reachesCoordinator() {
    return world.coordinator().isPresent()
        && world.etcd().network().connects(machine.address(), World.COORDINATOR);
  }

  private void fetch(String sha256, long offset, BlobSource.Sink sink) throws IOException {
    byte[] blob = world.files().get(sha256);
    if (!reachesCoordinator() || blob == null) {
      throw new IOException("the coordinator cannot be reached, or does not have it");
    }
    sink.accept(java.util.Arrays.copyOfRange(blob, (int) offset, blob.length));
  }

  private void upload(String operationId, Uploads.Content content) throws IOException {
    if (!reachesCoordinator()) {
      throw new IOException("the coordinator cannot be reached");
    }
    try (InputStream in = content.open(0)) {
      world.files().put(content.sha256(), in.readAllBytes());
    }
  }

  // ---- etcd ----

  /** Asked of the model, as the real one asks through its gateway. */
  private final class Etcd implements LocalEtcd {
    @Override
    public Optional<Identity> identity(MemberConfig member) {
      return services.process().filter(ModelProcess::serving).map(Etcd::identity);
    }

    private static Identity identity(ModelProcess process) {
      return new Identity(
          Long.toHexString(process.clusterId().orElse(0L)),
          Long.toHexString(process.memberId()),
          false);
    }

    @Override
    public Optional<View> view(MemberConfig member) {
      return services
          .process()
          .filter(ModelProcess::serving)
          .flatMap(
              p ->
                  world.etcd().told(member.endpoints().peerUrl(), machine.address()).stream()
                      .map(told -> new View(identity(p), told.serving(), peers(told)))
                      .findFirst());
    }

    private static List<Peer> peers(ModelEtcd.Told told) {
      return told.members().stream()
          .map(m -> new Peer(Long.toHexString(m.id()), m.name(), m.learner(), m.clientUrls()))
          .toList();
    }

    @Override
    public Optional<Problem> stopWouldCostQuorum(MemberConfig member, long uptimeSeconds) {
      Optional<ModelProcess> process = services.process();
      if (process.isEmpty() || !world.floor()) {
        return Optional.empty();
      }
      if (member.conduct().mindsRecovery() && !process.get().commits()) {
        return Optional.empty();
      }
      boolean settled = uptimeSeconds >= SETTLING_SECONDS;
      boolean may = process.get().serving() ? world.etcd().restHoldsQuorum(process.get()) : settled;
      return may
          ? Optional.empty()
          : Optional.of(Problem.of(Code.Q2019, "the others do not hold quorum"));
    }
  }

  private void reached(String point) {
    if (point.equals("before-set-aside-data")) {
      data().forEach(text -> world.checks().beforeSetAside(machine, text));
    }
  }

  /** Data that is still being put together, or tried out, is nobody's yet. */
  @Override
  public List<String> data() {
    return databases(
        path -> !path.contains(ASIDE) && !path.contains("/.") && !path.contains("/trial-"));
  }

  @Override
  public List<String> aside() {
    return databases(path -> path.contains(ASIDE) && !path.contains("/."));
  }

  private List<String> databases(Predicate<String> where) {
    return host.tree().stream()
        .filter(p -> p.endsWith("db") && where.test(p.toString()))
        .map(this::text)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  private String text(Path file) {
    try {
      return new String(host.read(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- what is seen of it ----

  @Override
  public void killProcess() {
    services.process().ifPresent(world.etcd()::kill);
  }

  @Override
  public Optional<ModelProcess> process() {
    return services.process();
  }

  /** The document that is in force, for whoever judges what is done. */
  Optional<MemberConfig> wanted() {
    return Optional.ofNullable(opened)
        .flatMap(o -> o.journal().document())
        .flatMap(d -> d.members().stream().findFirst());
  }

  @Override
  public HostReport report() {
    OpenedCore core = opened;
    if (core == null) {
      throw new IllegalStateException("the agent of " + machine.name() + " is down");
    }
    return core.core().report();
  }
}
