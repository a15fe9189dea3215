package io.quorate.agent.converge;

import io.quorate.agent.etcd.DataDirectory;
import io.quorate.agent.etcd.DataSeed;
import io.quorate.agent.reconcile.HostMeasures;
import io.quorate.agent.release.Downloads;
import io.quorate.agent.release.InstalledRelease;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Release;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The host side without threads and without a clock of its own: whoever calls {@link #turn} decides
 * when, be it {@link HostLoop} or a simulation.
 *
 * <p>What the document does not name is not touched: a member that is to go is named, as retired.
 */
public final class HostCore {
  private final Observer.Tools tools;
  private final Journal journal;
  private final Executor executor;
  private final HostMeasures measures;
  private final InstantSource clock;
  private final SortedMap<ClusterName, MemberWorker> workers = new ConcurrentSkipListMap<>();
  private final AtomicLong sequence = new AtomicLong();

  /** As after a boot at which the coordinator was asked, or not. */
  public HostCore(
      Observer.Tools tools,
      Journal journal,
      Downloads downloads,
      HostMeasures measures,
      InstantSource clock,
      BooleanSupplier admitted) {
    this(tools, journal, downloads, measures, clock, cluster -> admitted.getAsBoolean());
  }

  /**
   * @param admitted whether a member may be started yet, after a boot of the host
   */
  public HostCore(
      Observer.Tools tools,
      Journal journal,
      Downloads downloads,
      HostMeasures measures,
      InstantSource clock,
      Predicate<ClusterName> admitted) {
    this.tools = tools;
    this.journal = journal;
    this.measures = measures;
    this.clock = clock;
    DataDirectory data = new DataDirectory(tools.host(), tools.layout());
    DataSeed seed = new DataSeed(tools.host(), tools.layout(), downloads, data);
    this.executor = new Executor(tools, journal, seed, clock, admitted);
    journal.document().ifPresent(this::take);
  }

  /** Whether the document is a new one. Throws Q2001 when it may not be obeyed. */
  public boolean accept(HostConfig document) {
    long clusters = document.members().stream().map(it -> it.id().cluster()).distinct().count();
    if (clusters != document.members().size()) {
      throw Problem.of(Code.Q1008, "the document has two members of one cluster on this host")
          .asException();
    }
    boolean news = journal.accept(document);
    if (news) {
      take(document);
    }
    return news;
  }

  private void take(HostConfig document) {
    Set<ClusterName> named = new HashSet<>();
    for (MemberConfig member : document.members()) {
      ClusterName cluster = member.id().cluster();
      named.add(cluster);
      MemberWorker worker =
          workers.compute(
              cluster,
              (key, known) ->
                  known != null && known.report().id().equals(member.id())
                      ? known
                      : new MemberWorker(
                          tools, executor, journal, clock, member, document.generation()));
      worker.desired(member, document.generation());
    }
    workers.keySet().retainAll(named);
  }

  List<ClusterName> clusters() {
    return List.copyOf(workers.keySet());
  }

  Optional<MemberWorker> worker(ClusterName cluster) {
    return Optional.ofNullable(workers.get(cluster));
  }

  /** A turn for everybody, in order; how long until the next is due. */
  public Duration turn() throws IOException {
    tools.services().turn();
    Duration next = Duration.ofSeconds(3);
    for (MemberWorker worker : workers.values()) {
      Duration due = worker.turn();
      next = due.compareTo(next) < 0 ? due : next;
    }
    return next;
  }

  /** Whether nothing is under way. */
  boolean settled() {
    return workers.values().stream().allMatch(MemberWorker::settled);
  }

  /** Removes releases that nobody needs, when nothing is under way. */
  public void prune() throws IOException {
    Optional<HostConfig> document = journal.document();
    if (document.isEmpty() || !settled()) {
      return;
    }
    Set<String> inUse = new HashSet<>();
    Set<String> executables = new HashSet<>();
    for (MemberConfig member : document.get().members()) {
      inUse.add(member.releases().running().sha256());
      member.releases().staged().stream().map(Release::sha256).forEach(inUse::add);
    }
    workers
        .values()
        .forEach(it -> executables.add(it.report().unit().running().executableSha256()));
    for (InstalledRelease installed : tools.releases().installed()) {
      if (executables.contains(installed.etcdSha256())) {
        inUse.add(installed.release().sha256());
      }
    }
    tools.releases().prune(inUse, document.get().keepReleases());
  }

  public HostReport report() {
    List<MemberConfig> members = journal.document().map(HostConfig::members).orElse(List.of());
    List<HostReport.Member> reports = new ArrayList<>();
    workers.values().forEach(worker -> reports.add(worker.report()));
    return new HostReport(
        sequence.incrementAndGet(),
        clock.instant(),
        journal.epoch(),
        journal.generation(),
        reports,
        measures.disks(members),
        measures.load(),
        unpacked());
  }

  private List<HostReport.UnpackedRelease> unpacked() {
    List<HostReport.UnpackedRelease> all = new ArrayList<>();
    try {
      for (InstalledRelease release : tools.releases().installed()) {
        all.add(
            new HostReport.UnpackedRelease(
                release.release().version(),
                release.release().architecture(),
                release.release().sha256(),
                release.etcdSha256()));
      }
    } catch (IOException e) {
      return List.of(); // the members' own reports say what is wrong with the disk
    }
    return all;
  }
}
