package io.quorate.agent.converge;

import static org.junit.jupiter.api.Assertions.fail;

import io.quorate.agent.etcd.RealReleases;
import io.quorate.agent.etcd.TestSigner;
import io.quorate.agent.host.CrashPoints;
import io.quorate.agent.host.HostProcesses.Signal;
import io.quorate.agent.host.Layout;
import io.quorate.agent.host.LinuxHost;
import io.quorate.agent.operate.Uploads;
import io.quorate.agent.reconcile.HostMeasures;
import io.quorate.agent.service.SupervisedManager;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A whole host side in this process: real files, real etcd, and a coordinator of a few lines. */
final class RealAgent implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final Path root;
  final LinuxHost host = new LinuxHost(CrashPoints.NONE, InstantSource.system());
  final Layout layout;
  final RealReleases releases;
  final TestSigner signer;
  private final Semaphore changes = new Semaphore(0);
  private HostLoop loop;
  private long generation;
  private List<MemberConfig> members = List.of();

  RealAgent(Path root, RealReleases releases, TestSigner signer) throws IOException {
    this.root = root;
    this.layout = Layout.under(root);
    this.releases = releases;
    this.signer = signer;
    this.loop = begin();
  }

  private HostLoop begin() throws IOException {
    InstantSource clock = InstantSource.system();
    HostLoop begun =
        HostLoop.start(
            new HostLoop.Surroundings(
                host,
                layout,
                new SupervisedManager(host, layout, clock),
                new HostLoop.Link(releases, uploads(), signer, measures()),
                clock));
    begun.onChange(changes::release);
    return begun;
  }

  /** As an upgrade of the agent, or a kill of it, would. */
  void restartAgent() throws IOException {
    loop.close();
    loop = begin();
    generation = loop.generation();
  }

  HostLoop agent() {
    return loop;
  }

  void want(MemberConfig... wanted) {
    members = List.of(wanted);
    generation++;
    loop.desired(new HostConfig(1, generation, members, 2));
  }

  /** Waits until every member has converged to the newest document. */
  HostReport.Member converged() {
    return await(
        "convergence",
        report ->
            report.members().size() == members.size()
                && report.members().stream().allMatch(it -> it.converged() >= generation));
  }

  HostReport.Member await(String what, Predicate<HostReport> condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    HostReport report = loop.report();
    while (!condition.test(report)) {
      if (System.nanoTime() > deadline) {
        fail("waited in vain for " + what + ": " + report.members());
      }
      try {
        changes.tryAcquire(100, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        fail("interrupted");
      }
      report = loop.report();
    }
    return report.members().getFirst();
  }

  OperationOutcome operate(String id, Operation.Task task) throws Exception {
    CompletableFuture<OperationOutcome> outcome = new CompletableFuture<>();
    Instant expires = InstantSource.system().instant().plusSeconds(120);
    loop.operation(new Operation(id, 1, expires, task), outcome::complete);
    return outcome.get(120, TimeUnit.SECONDS);
  }

  Path uploaded(String operationId) {
    return root.resolve("uploads").resolve(operationId);
  }

  private Uploads uploads() {
    return (operationId, content) -> {
      Files.createDirectories(root.resolve("uploads"));
      try (InputStream in = content.open(0)) {
        Files.copy(in, uploaded(operationId));
      }
    };
  }

  private static HostMeasures measures() {
    return new HostMeasures() {
      @Override
      public List<HostReport.Disk> disks(List<MemberConfig> members) {
        return List.of();
      }

      @Override
      public HostReport.Load load() {
        return new HostReport.Load(0, 0, 0);
      }
    };
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Ends what this agent has started, and only that: by its mark. */
  @Override
  public void close() throws IOException {
    loop.close();
    for (long pid : host.processes()) {
      String mark = host.environment(pid).getOrDefault(SupervisedManager.MARK, "");
      if (mark.startsWith(root.toString())) {
        var process = host.process(pid);
        if (process.isPresent()) {
          host.signal(process.get(), Signal.KILL);
        }
      }
    }
  }
}
