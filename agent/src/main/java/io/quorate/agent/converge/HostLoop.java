package io.quorate.agent.converge;

import io.quorate.agent.boot.BootGate;
import io.quorate.agent.boot.BootWatch;
import io.quorate.agent.boot.KnownMembers;
import io.quorate.agent.boot.MembersKept;
import io.quorate.agent.boot.TlsPeers;
import io.quorate.agent.etcd.GatewayEtcd;
import io.quorate.agent.etcd.MemberCertificates;
import io.quorate.agent.etcd.MemberSigner;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.Layout;
import io.quorate.agent.operate.Operations;
import io.quorate.agent.operate.Uploads;
import io.quorate.agent.reconcile.HostAgent;
import io.quorate.agent.reconcile.HostMeasures;
import io.quorate.agent.reconcile.Memory;
import io.quorate.agent.release.BlobSource;
import io.quorate.agent.release.Downloads;
import io.quorate.agent.release.ReleaseStore;
import io.quorate.agent.service.ServiceManager;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link HostCore} with threads: a virtual one for each member, which waits until its next turn is
 * due or somebody wakes it, and one for the house (services, old releases). Members never wait for
 * each other.
 */
public final class HostLoop implements HostAgent {
  private static final Logger LOG = LoggerFactory.getLogger(HostLoop.class);
  private static final Duration HOUSE = Duration.ofMillis(250);
  private static final Duration QUIET_HOUSE = Duration.ofSeconds(1);
  private static final int HOUSE_TURNS_PER_PRUNING = 240;
  private static final int TURNS_TO_STOP = 5;
  private static final Duration ASKING = Duration.ofSeconds(1);
  private static final Duration LOOKING = Duration.ofSeconds(15);

  private final ServiceManager services;
  private final Journal journal;
  private final HostCore core;
  private final BootGate gate;
  private final BootWatch watch;
  private final MembersKept kept;
  private final AtomicBoolean admitting = new AtomicBoolean();
  private final OperationDesk desk;
  private final Map<ClusterName, Runner> runners = new HashMap<>();
  private final Semaphore houseCall = new Semaphore(0);
  private volatile Runnable listener = () -> {};
  private volatile boolean closed;
  private volatile boolean told;

  /** Everything that the host side needs from the outside. */
  public record Surroundings(
      Host host, Layout layout, ServiceManager services, Link link, InstantSource clock) {}

  /** What goes over the link, and what is measured beside it. */
  public record Link(
      BlobSource blobs, Uploads uploads, MemberSigner signer, HostMeasures measures) {}

  private HostLoop(Surroundings around) throws IOException {
    Host host = around.host;
    Layout layout = around.layout;
    this.services = around.services;
    Downloads downloads = new Downloads(host, layout, around.link.blobs);
    ReleaseStore releases = new ReleaseStore(host, layout, downloads, around.clock);
    GatewayEtcd etcd = new GatewayEtcd(host, layout, member -> releases.etcdctl(member.releases()));
    MemberCertificates certificates =
        new MemberCertificates(host, layout, around.link.signer, around.clock);
    this.journal = Journal.open(host, layout);
    this.gate = new BootGate(host, layout, around.clock);
    KnownMembers known = new KnownMembers(host, layout);
    TlsPeers peers = new TlsPeers(host, layout, etcd);
    this.watch = new BootWatch(gate, known, peers, this::runs, this::startsAlone);
    this.kept = new MembersKept(known, peers);
    this.core =
        new HostCore(
            new Observer.Tools(host, layout, releases, certificates, services, etcd),
            journal,
            downloads,
            around.link.measures,
            around.clock,
            watch::mayStart);
    Operations operations =
        new Operations(
            new Operations.Tools(host, layout, releases, downloads, services, around.link.uploads),
            journal::document,
            around.clock);
    this.desk = new OperationDesk(journal, operations, around.clock);
  }

  /** Opens the journal and goes on with what it says. */
  public static HostLoop start(Surroundings around) throws IOException {
    HostLoop loop = new HostLoop(around);
    loop.services.onEnd(loop::wakeAll);
    loop.arrange();
    Thread.ofVirtual().name("house").start(loop::house);
    Thread.ofVirtual().name("members-kept").start(loop::keep);
    if (loop.gate.open()) {
      loop.admit();
    } else {
      Thread.ofVirtual().name("boot").start(loop::boot);
    }
    return loop;
  }

  @Override
  public void desired(HostConfig document) {
    if (core.accept(document)) {
      arrange();
      wakeAll();
    }
    admit();
    changed();
  }

  /**
   * Members may be started from now on. Those that may not run any more are seen to before the
   * service manager is told: it might be waiting to start them.
   */
  private void admit() {
    if (admitting.compareAndSet(false, true)) {
      Thread.ofVirtual()
          .name("admit")
          .start(
              () -> {
                watch.close();
                for (ClusterName cluster : core.clusters()) {
                  core.worker(cluster).ifPresent(HostLoop::settle);
                }
                try {
                  gate.admit();
                } catch (IOException e) {
                  LOG.warn("that the coordinator was asked cannot be kept", e);
                }
                tell();
                wakeAll();
              });
    }
  }

  private void tell() {
    told = true;
    gate.tell();
  }

  /** Until the coordinator has spoken, or all may start without it. */
  private void boot() {
    while (!closed && !admitting.get()) {
      List<ClusterName> waiting =
          watch.turn(journal.document().map(HostConfig::members).orElse(List.of()));
      if (waiting.isEmpty()) {
        admit();
        return;
      }
      if (gate.graceIsOver() && !told && !admitting.get()) {
        waiting.forEach(this::takeBack);
        tell();
      }
      wakeAll();
      pause(new Semaphore(0), ASKING);
    }
  }

  /** The service manager is about to start it, and it may not be started yet. */
  private void takeBack(ClusterName cluster) {
    try {
      // First, or a kill in between would let it look like somebody else's doing.
      var unused = journal.remember(cluster, it -> it.with(Memory.Note.APPLIED, ""));
      services.stop(cluster);
    } catch (IOException | QuorateException e) {
      LOG.error("the service manager cannot be kept from starting {}", cluster, e);
    }
  }

  private void startsAlone(MemberConfig member) {
    var unused =
        journal.remember(member.id().cluster(), it -> it.withAlone(member.data().lineage()));
  }

  private boolean runs(ClusterName cluster) {
    try {
      return services.state(cluster).process().isPresent();
    } catch (IOException | QuorateException e) {
      return false; // seen at the next look
    }
  }

  /** What members list is looked at now and then, for the next boot. */
  private void keep() {
    Semaphore never = new Semaphore(0);
    while (!closed) {
      for (MemberConfig member : journal.document().map(HostConfig::members).orElse(List.of())) {
        if (member.conduct().run() == MemberConfig.Run.RUNNING
            && watch.mayStart(member.id().cluster())) {
          kept.look(member);
        }
      }
      pause(never, LOOKING);
    }
  }

  static void settle(MemberWorker worker) {
    for (int turn = 0; turn < TURNS_TO_STOP; turn++) {
      if (!worker.turn().isZero()) {
        return;
      }
    }
  }

  @Override
  public void operation(Operation operation, Consumer<OperationOutcome> outcome) {
    desk.take(operation, outcome);
  }

  @Override
  public HostReport report() {
    return core.report();
  }

  @Override
  public void onChange(Runnable newListener) {
    listener = newListener;
  }

  @Override
  public long epoch() {
    return journal.epoch();
  }

  @Override
  public long generation() {
    return journal.generation();
  }

  @Override
  public Optional<HostConfig> document() {
    return journal.document();
  }

  @Override
  public void close() {
    closed = true;
    wakeAll();
  }

  /** One thread for each member that the document names. */
  private synchronized void arrange() {
    List<ClusterName> named = core.clusters();
    runners.keySet().retainAll(named);
    for (ClusterName cluster : named) {
      runners.computeIfAbsent(
          cluster,
          it -> {
            Runner runner = new Runner(it);
            Thread.ofVirtual().name("member-" + it).start(runner);
            return runner;
          });
    }
  }

  private synchronized void wakeAll() {
    houseCall.release();
    runners.values().forEach(Runner::wake);
  }

  private synchronized boolean still(Runner runner) {
    return !closed && runners.get(runner.cluster) == runner;
  }

  private void changed() {
    listener.run();
  }

  private void house() {
    int turns = 0;
    GivingBack memory = new GivingBack();
    while (!closed) {
      try {
        if (told) {
          services.turn();
        }
        memory.turn(core.settled());
        if (turns++ % HOUSE_TURNS_PER_PRUNING == 0) {
          core.prune();
        }
      } catch (IOException | RuntimeException e) {
        LOG.warn("the house was not kept in order, and will be tried again", e);
      }
      pause(houseCall, core.settled() ? QUIET_HOUSE : HOUSE);
    }
  }

  private static void pause(Semaphore call, Duration duration) {
    try {
      if (call.tryAcquire(duration.toMillis(), TimeUnit.MILLISECONDS)) {
        call.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Runner implements Runnable {
    private static final Duration AFTER_A_BUG = Duration.ofSeconds(5);

    private final ClusterName cluster;
    private final Semaphore call = new Semaphore(0);

    Runner(ClusterName cluster) {
      this.cluster = cluster;
    }

    void wake() {
      call.release();
    }

    @Override
    public void run() {
      while (still(this)) {
        Duration next = turn();
        if (!next.isZero()) {
          pause(call, next);
        }
      }
    }

    private Duration turn() {
      Optional<MemberWorker> worker = core.worker(cluster);
      if (worker.isEmpty()) {
        return HOUSE;
      }
      HostReport.Member before = worker.get().report();
      try {
        return worker.get().turn();
      } catch (RuntimeException e) {
        LOG.error("a turn for {} failed; please report this", cluster, e);
        return AFTER_A_BUG;
      } finally {
        if (!worker.get().report().equals(before)) {
          changed();
        }
      }
    }
  }
}
