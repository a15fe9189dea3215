package io.quorate.coordinator.plan;

import io.quorate.common.model.EtcdVersion;
import io.quorate.common.model.HostName;
import io.quorate.common.model.HostReport;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.spec.ClusterSpec;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Wish and view side by side, with the questions that rules and gates ask of them. Pure and
 * short-lived.
 */
public final class Situation {
  /** In place of a fingerprint: it is only just starting, or its host may not look. */
  private static final Set<String> UNTOLD = Set.of("not-yet", "unreadable");

  /** The alarm of a database that has reached its quota. */
  public static final String FULL = "NOSPACE";

  private final ClusterSpec wanted;
  private final ClusterView seen;
  private @org.jspecify.annotations.Nullable Due due;

  public Situation(ClusterSpec wanted, ClusterView seen) {
    this.wanted = wanted;
    this.seen = seen;
  }

  public ClusterSpec wanted() {
    return wanted;
  }

  public ClusterView seen() {
    return seen;
  }

  public Intent intent() {
    return seen.intent();
  }

  public boolean formed() {
    return seen.intent().foundation().formed();
  }

  /**
   * It serves and is to go on serving: founded, and not being deleted. Whoever restores, recovers
   * or deletes has said by the cluster's name that it need not.
   */
  public boolean mustServe() {
    return formed() && intent().control().mode() != Intent.Mode.DELETING;
  }

  /** Worked out once: every rule asks. */
  Due due() {
    Due known = due;
    if (known == null) {
      known = Due.find(this);
      due = known;
    }
    return known;
  }

  // ---- what etcd says ----

  public List<EtcdView.Member> listed() {
    return seen.etcd().members().map(EtcdView.MemberList::members).orElse(List.of());
  }

  public List<EtcdView.Member> voters() {
    return listed().stream().filter(m -> !m.learner()).toList();
  }

  public List<MemberName> voterNames() {
    return voters().stream().flatMap(v -> nameOf(v).stream()).toList();
  }

  /** etcd's own way down is open: it ends by itself when every member has taken it. */
  public boolean downgrading() {
    return seen.etcd().downgrade().filter(EtcdView.Downgrade::enabled).isPresent();
  }

  public int quorum() {
    return voters().size() / 2 + 1;
  }

  /**
   * The entry of a member of the spec: by its name, or, as long as it has none, by its peer URL.
   */
  public Optional<EtcdView.Member> entry(ClusterSpec.Member member) {
    return entry(member.name())
        .or(
            () ->
                listed().stream()
                    .filter(e -> e.name().isEmpty() && e.peerUrls().contains(peerUrl(member)))
                    .findFirst());
  }

  public Optional<EtcdView.Member> entry(MemberName name) {
    return listed().stream().filter(e -> e.name().equals(name.value())).findFirst();
  }

  public Optional<EtcdView.Endpoint> endpoint(MemberName name) {
    return seen.etcd().endpoint(name);
  }

  /** Answers, serves linearizable reads, has no errors but such as its owner has accepted. */
  public boolean well(MemberName name) {
    return endpoint(name).map(e -> e.well() || (bears(FULL) && onlyFull(e))).orElse(false);
  }

  private static boolean onlyFull(EtcdView.Endpoint endpoint) {
    return endpoint.linearizable()
        && endpoint.status().stream()
            .flatMap(s -> s.errors().stream())
            .allMatch(error -> error.contains("alarm:" + FULL));
  }

  /** A full database still serves reads, and restarts: its owner may want that to be mended so. */
  public boolean bears(String alarm) {
    return alarm.equals(FULL) && wanted.policies().accepted().contains("alarm.nospace");
  }

  /**
   * Name of a listed member; an unstarted one has the name of the spec's member at its peer URL, or
   * none.
   */
  public Optional<MemberName> nameOf(EtcdView.Member entry) {
    if (!entry.name().isEmpty()) {
      return Optional.of(entry.name()).filter(Situation::legal).map(MemberName::of);
    }
    return wanted.members().stream()
        .filter(m -> entry.peerUrls().contains(peerUrl(m)))
        .map(ClusterSpec.Member::name)
        .findFirst();
  }

  private static boolean legal(String name) {
    return name.matches("[a-z]([a-z0-9-]{0,38}[a-z0-9])?");
  }

  public boolean well(EtcdView.Member entry) {
    return nameOf(entry).map(this::well).orElse(false);
  }

  /** The leader that every answering voter agrees on. */
  public Optional<EtcdView.Member> leader() {
    List<Long> leaders =
        seen.etcd().endpoints().stream()
            .flatMap(e -> e.status().stream())
            .map(EtcdView.Status::leaderId)
            .distinct()
            .toList();
    if (leaders.size() != 1) {
      return Optional.empty();
    }
    return listed().stream().filter(m -> m.id() == leaders.get(0)).findFirst();
  }

  public boolean leads(MemberName name) {
    return leader().flatMap(this::nameOf).filter(name::equals).isPresent();
  }

  public long leaderIndex() {
    return leader()
        .flatMap(this::nameOf)
        .flatMap(this::endpoint)
        .flatMap(EtcdView.Endpoint::status)
        .map(s -> s.raft().index())
        .orElse(0L);
  }

  /**
   * Entries that a member has yet to apply, against the leader's index; empty when it cannot be
   * told.
   */
  public Optional<Long> lag(MemberName name) {
    long index = leaderIndex();
    return endpoint(name)
        .flatMap(EtcdView.Endpoint::status)
        .filter(s -> index > 0)
        .map(s -> Math.max(0, index - s.raft().applied()));
  }

  // ---- what hosts say ----

  public static String peerUrl(ClusterSpec.Member member) {
    return endpoints(member).peerUrl();
  }

  static MemberConfig.Endpoints endpoints(ClusterSpec.Member member) {
    return new MemberConfig.Endpoints(member.address(), member.clientPort(), member.peerPort());
  }

  public MemberConfig.Id id(MemberName name) {
    return new MemberConfig.Id(wanted.cluster(), name);
  }

  public Optional<ClusterView.Placement> home(ClusterSpec.Member member) {
    return seen.placement(member.name(), member.host());
  }

  /** Another member of this cluster that the host has a document for: there is room for one. */
  public Optional<ClusterView.Placement> occupant(ClusterSpec.Member member) {
    return seen.placements().stream()
        .filter(p -> p.host().equals(member.host()) && !p.member().equals(member.name()))
        .filter(p -> p.issued().isPresent())
        .findFirst();
  }

  public boolean connected(HostName host) {
    return seen.host(host).map(ClusterView.HostView::connected).orElse(false);
  }

  public static HostReport.UnitState unitState(ClusterView.Placement placement) {
    return placement.report().map(r -> r.unit().state()).orElse(HostReport.UnitState.ABSENT);
  }

  /** A process of etcd is there, whatever it is good for. */
  public static boolean runs(ClusterView.Placement placement) {
    return placement.report().map(r -> r.unit().running().pid() != 0).orElse(false);
  }

  public static String runningFingerprint(ClusterView.Placement placement) {
    return placement.report().map(r -> r.unit().running().fingerprint()).orElse("");
  }

  /**
   * Is up, has done what its document asks, and by its fingerprint or by its host's own look its
   * process is another than the document's. A fingerprint that cannot be read says nothing.
   */
  public static boolean runsSomethingElse(ClusterView.Placement placement) {
    String fingerprint = runningFingerprint(placement);
    boolean readable = !UNTOLD.contains(fingerprint);
    boolean told =
        placement.report().stream()
            .flatMap(r -> r.drifts().stream())
            .anyMatch(d -> d.what().equals("process"));
    return runs(placement)
        && unitState(placement) == HostReport.UnitState.RUNNING
        && ((readable && !runsAsIssued(placement)) || told);
  }

  /** Runs exactly what its newest document asks for. */
  public static boolean runsAsIssued(ClusterView.Placement placement) {
    return runs(placement)
        && placement.issued().isPresent()
        && runningFingerprint(placement).equals(placement.issued().get().document().fingerprint());
  }

  /** The members whose running etcd a step would stop. Starting what does not run stops nobody. */
  public List<MemberName> stopped(Step step) {
    return switch (step) {
      case Step.Configure configure ->
          configure.documents().entrySet().stream()
              .filter(e -> stops(e.getKey(), e.getValue()))
              .map(e -> e.getValue().id().member())
              .toList();
      case Step.RemoveMember remove -> List.of(remove.member());
      // Its peers look for it elsewhere from then on.
      case Step.UpdatePeerUrl update ->
          well(update.member()) ? List.of(update.member()) : List.of();
      default -> List.of();
    };
  }

  /** Whether its running etcd ends when its host obeys this document. */
  public boolean stops(HostName host, MemberConfig document) {
    Optional<ClusterView.Placement> placement = seen.placement(document.id().member(), host);
    if (placement.isEmpty() || !runs(placement.get())) {
      return false;
    }
    return document.conduct().run() != MemberConfig.Run.RUNNING
        || !document.fingerprint().equals(runningFingerprint(placement.get()));
  }

  /** True when etcd at this name counts towards the quorum now. */
  public boolean votes(MemberName name) {
    return voters().stream().anyMatch(v -> nameOf(v).filter(name::equals).isPresent());
  }

  /** Does not answer, and its host says that no etcd is up: stopping it takes nothing away. */
  public boolean down(MemberName name) {
    boolean silent = endpoint(name).flatMap(EtcdView.Endpoint::status).isEmpty();
    return silent
        && seen.placements(name).stream()
            .filter(p -> p.report().isPresent() && connected(p.host()))
            .anyMatch(p -> unitState(p) != HostReport.UnitState.RUNNING);
  }

  /**
   * The cluster version that a member sees when a release would refuse to start under it, being of
   * an older minor: then the way back is not one of exchanging binaries any more.
   */
  public Optional<EtcdVersion> pastReturnTo(EtcdVersion release) {
    return seen.etcd().endpoints().stream()
        .flatMap(e -> e.status().stream())
        .flatMap(s -> s.versions().cluster().stream())
        .filter(v -> !v.sameMinor(release) && v.compareTo(release) > 0)
        .max(Comparator.naturalOrder());
  }

  /** Voters that are nowhere to run, whether their hosts have obeyed yet or not. */
  public List<MemberName> toldToStop() {
    return voters().stream().flatMap(v -> nameOf(v).stream()).filter(this::nowhereToRun).toList();
  }

  private boolean nowhereToRun(MemberName member) {
    List<MemberConfig> told =
        seen.placements(member).stream()
            .filter(p -> p.issued().isPresent())
            .map(Situation::document)
            .toList();
    return !told.isEmpty()
        && told.stream().noneMatch(d -> d.conduct().run() == MemberConfig.Run.RUNNING);
  }

  public long wellVotersWithout(List<MemberName> without) {
    return voters().stream()
        .filter(this::well)
        .filter(v -> nameOf(v).filter(without::contains).isEmpty())
        .count();
  }

  /** How long ago something was told to a host. */
  public Duration since(java.time.Instant instant) {
    return Duration.between(instant, seen.now());
  }

  /**
   * Members of the spec in the order in which they are to be changed: canary, followers by the
   * file, leader last.
   */
  public List<ClusterSpec.Member> inOrderOfChange() {
    return wanted.members().stream()
        .sorted(
            Comparator.comparing((ClusterSpec.Member m) -> leads(m.name()))
                .thenComparing(m -> !wanted.rollout().canary().map(m.name()::equals).orElse(false)))
        .toList();
  }

  /** Documents that were issued for members which the spec no longer has at that host. */
  public List<ClusterView.Placement> departing() {
    return seen.placements().stream()
        .filter(p -> p.issued().isPresent())
        .filter(p -> wanted.member(p.member()).filter(m -> m.host().equals(p.host())).isEmpty())
        .toList();
  }

  public static MemberConfig document(ClusterView.Placement placement) {
    return placement
        .issued()
        .orElseThrow(() -> new IllegalStateException("nothing was issued to " + placement.host()))
        .document();
  }

  static <K, V> Optional<V> get(Map<K, V> map, K key) {
    return Optional.ofNullable(map.get(key));
  }
}
