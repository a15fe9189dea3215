package io.quorate.agent.converge;

import io.quorate.agent.etcd.DataPlaces;
import io.quorate.agent.etcd.LocalEtcd;
import io.quorate.agent.etcd.TestSigner;
import io.quorate.agent.host.Access;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.MemoryHost;
import io.quorate.agent.host.SetClock;
import io.quorate.agent.operate.Uploads;
import io.quorate.agent.release.Archives;
import io.quorate.agent.release.MemoryEtcd;
import io.quorate.agent.service.FakeServiceManager;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A whole host side in memory, turn by turn: the agent's own core over a host that can be killed at
 * any of its changes, services that outlive it, and an etcd of a few lines.
 */
public final class MemoryAgent {
  private static final int PATIENCE = 200;

  private static final Duration STARTING = Duration.ofSeconds(2);

  public final SetClock clock = new SetClock(Instant.parse("2026-01-01T00:00:00Z"));
  public final MemoryHost host = new MemoryHost(clock);
  public final Layout layout = Layout.under(Path.of("/q"));
  public final FakeServiceManager services = new FakeServiceManager(host);
  public final Archives.MemorySource blobs = new Archives.MemorySource();
  public final TestSigner signer = new TestSigner(clock, "127.0.0.1");
  public final Map<String, byte[]> uploads = new TreeMap<>();
  public final List<String> asked = new ArrayList<>();
  private boolean othersHoldQuorum = true;
  private OpenedCore opened;
  private long epoch = 1;
  private long generation;
  private List<MemberConfig> members = List.of();

  public MemoryAgent() {
    host.withProgram("etcd", this::etcd)
        .withProgram("etcdutl", this::restore)
        .withProgram("etcdctl", this::save);
    begin();
  }

  // ---- what a test arranges ----

  public void othersHoldQuorum(boolean hold) {
    othersHoldQuorum = hold;
  }

  public void epoch(long newEpoch) {
    epoch = newEpoch;
  }

  /** As after a kill of the agent: only what is durable is known. */
  public void begin() {
    opened =
        OpenedCore.open(
            new OpenedCore.Around(
                host,
                layout,
                services,
                new FakeEtcd(),
                new OpenedCore.Line(blobs, signer, this::upload)),
            clock);
  }

  public Journal journal() {
    return opened.journal();
  }

  /** The newest document, one generation on. */
  public void want(MemberConfig... wanted) {
    members = List.of(wanted);
    generation++;
    tell();
  }

  /** The same again, as to an agent that has just come back. */
  public void tell() {
    boolean unused = opened.core().accept(new HostConfig(epoch, generation, members, 2));
  }

  public boolean accept(HostConfig document) {
    return opened.core().accept(document);
  }

  public long generation() {
    return generation;
  }

  public void turn() {
    try {
      Duration unused = opened.core().turn();
      etcdRuns();
      clock.pass(Duration.ofMillis(500));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  public boolean done() {
    HostReport report = opened.core().report();
    return report.members().size() == members.size()
        && report.members().stream().allMatch(m -> m.converged() >= generation);
  }

  /** Until it has converged; its last words when it does not. */
  public void converge() {
    for (int turns = 0; turns < PATIENCE && !done(); turns++) {
      turn();
    }
    if (!done()) {
      throw new AssertionError("it did not converge: " + opened.core().report().members());
    }
  }

  /** So many turns, whatever comes of them. */
  public void turns(int count) {
    for (int turn = 0; turn < count; turn++) {
      turn();
    }
  }

  public HostReport.Member report() {
    return opened.core().report().members().getFirst();
  }

  public List<Code> problems() {
    return report().problems().stream().map(HostReport.Trouble::code).toList();
  }

  /** Every start, stop and restart, without the cluster's name. */
  public List<String> calls(String verb) {
    return services.calls().stream().filter(c -> c.startsWith(verb + " ")).toList();
  }

  public OperationOutcome operate(String id, Operation.Task task) {
    Operation operation = new Operation(id, epoch, clock.instant().plusSeconds(600), task);
    try {
      return opened.operations().perform(operation);
    } catch (QuorateException e) {
      Problem problem = e.problem();
      return new OperationOutcome(
          id, epoch, Optional.of(problem.code()), problem.sentence(), new TreeMap<>());
    }
  }

  private void upload(String operationId, Uploads.Content content) throws IOException {
    try (InputStream in = content.open(0)) {
      uploads.put(operationId, in.readAllBytes());
    }
  }

  /** Directories that were set aside, wherever. */
  public List<Path> aside() {
    return host.tree().stream()
        .filter(p -> p.getFileName() != null && p.getFileName().toString().contains(".set-aside-"))
        .toList();
  }

  // ---- etcd ----

  private final class FakeEtcd implements LocalEtcd {
    @Override
    public Optional<Identity> identity(MemberConfig member) {
      return Optional.of(new Identity("c1", "m1", false));
    }

    @Override
    public Optional<View> view(MemberConfig member) {
      return Optional.of(
          new View(
              new Identity("c1", "m1", false),
              hasBeenUp(member),
              List.of(new Peer("m1", member.id().member().value(), false, List.of("x")))));
    }

    @Override
    public Optional<Problem> stopWouldCostQuorum(MemberConfig member, long uptimeSeconds) {
      asked.add(member.id().toString());
      return othersHoldQuorum
          ? Optional.empty()
          : Optional.of(Problem.of(Code.Q2019, "the others do not hold quorum"));
    }
  }

  /** A start takes its time. */
  private boolean hasBeenUp(MemberConfig member) {
    return services
        .state(member.id().cluster())
        .process()
        .filter(p -> p.started().plus(STARTING).isBefore(clock.instant()))
        .isPresent();
  }

  /** A running etcd has data, and a log. */
  private void etcdRuns() throws IOException {
    for (MemberConfig member :
        opened.journal().document().map(HostConfig::members).orElse(List.of())) {
      DataPlaces places = DataPlaces.of(member, layout);
      boolean runs = services.state(member.id().cluster()).process().isPresent();
      if (runs && host.stat(places.stamp()).exists() && !host.stat(places.wal()).exists()) {
        make(places.member(), places.wal(), "made by etcd");
      }
    }
  }

  private void make(Path member, Path wal, String content) throws IOException {
    host.makeDirectory(member.resolve("snap"), Access.closed(""));
    host.write(member.resolve("snap").resolve("db"), bytes(content), Access.SECRET);
    host.makeDirectory(wal, Access.closed(""));
    host.write(wal.resolve("0.wal"), bytes(content), Access.SECRET);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private Finished etcd(Command command) {
    String last = command.arguments().getLast();
    String program = command.arguments().getFirst();
    return last.equals("--version")
        ? MemoryEtcd.answer(
            host, new Command(List.of(program, last), Map.of(), Duration.ofSeconds(1)))
        : new Finished(2, "", "unknown argument", false);
  }

  private Finished restore(Command command) {
    try {
      make(
          Path.of(argument(command, "--data-dir=")).resolve("member"),
          Path.of(argument(command, "--wal-dir=")),
          "restored");
      return new Finished(0, "", "", false);
    } catch (IOException e) {
      return new Finished(1, "", e.toString(), false);
    }
  }

  private Finished save(Command command) {
    return new Finished(1, "", "this etcdctl saves nothing", false);
  }

  private static String argument(Command command, String name) {
    return command.arguments().stream()
        .filter(a -> a.startsWith(name))
        .map(a -> a.substring(name.length()))
        .findFirst()
        .orElseThrow();
  }
}
