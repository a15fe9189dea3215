package io.quorate.coordinator.etcd.model;

import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.EtcdAdmin;
import io.quorate.coordinator.etcd.EtcdResult;
import io.quorate.coordinator.etcd.EtcdResult.Nothing;
import io.quorate.coordinator.etcd.EtcdResult.Ok;
import io.quorate.coordinator.etcd.EtcdResult.Refused;
import io.quorate.coordinator.etcd.EtcdResult.Unknown;
import io.quorate.coordinator.etcd.Refusal;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.EtcdView.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** The seam, on the model: etcd's answers and its refusals, by its own rules and in its words. */
final class ModelAdmin implements EtcdAdmin {
  /** A peer counts as connected only when it has been for this long. */
  private static final Duration HEALTH_INTERVAL = Duration.ofSeconds(5);

  private final ModelEtcd etcd;
  private final ModelView view;

  ModelAdmin(ModelEtcd etcd, String from) {
    this.etcd = etcd;
    this.view = new ModelView(etcd, from);
  }

  @Override
  public EtcdView observe(Access access, Instant now) {
    return view.observe(access, now);
  }

  @Override
  public EtcdResult<Long> addLearner(Access access, String peerUrl) {
    return change(
        access,
        0,
        (asked, cluster) -> {
          State state = cluster.state();
          if (state.members().values().stream().anyMatch(m -> m.peerUrls().contains(peerUrl))) {
            return refused(Refusal.PEER_URL_EXISTS, "etcdserver: Peer URLs already exists");
          }
          if (!state.learners().isEmpty()) {
            return refused(
                Refusal.TOO_MANY_LEARNERS, "etcdserver: too many learner members in cluster");
          }
          if (connected(asked, cluster) < neededToAdd(asked, state)) {
            return refused(Refusal.UNHEALTHY, "etcdserver: unhealthy cluster");
          }
          long id = Founding.id("member", peerUrl, etcd.time().instant().toString());
          cluster.append(state.with(new Member(id, "", List.of(peerUrl), List.of(), true)));
          return new Ok<>(id);
        });
  }

  /** Up to 3.5.29 and 3.6.10 all voters must be connected; later, what the grown one would need. */
  private static int neededToAdd(ModelProcess asked, State state) {
    EtcdVersion version = asked.config.version();
    boolean lenient = version.minor() == 5 ? version.atLeast(3, 5, 30) : version.atLeast(3, 6, 11);
    int voters = state.voters().size();
    return lenient ? Math.min(voters, (voters + 1) / 2 + 1) : voters;
  }

  @Override
  public EtcdResult<Nothing> promote(Access access, long id) {
    return change(
        access,
        0,
        (asked, cluster) -> {
          Member member = cluster.state().members().get(id);
          if (member == null) {
            return notFound();
          }
          if (!member.learner()) {
            return refused(Refusal.NOT_A_LEARNER, "etcdserver: can only promote a learner member");
          }
          boolean inSync =
              cluster.processes().stream()
                  .anyMatch(
                      p ->
                          p.memberId == id
                              && cluster.leaderOf(p).isPresent()
                              && p.index >= cluster.length() * 0.9);
          if (!inSync) {
            return refused(
                Refusal.LEARNER_NOT_READY,
                "etcdserver: can only promote a learner member which is in sync with leader");
          }
          cluster.append(cluster.state().with(voter(member)));
          return done();
        });
  }

  @Override
  public EtcdResult<Nothing> removeMember(Access access, long id) {
    return change(
        access,
        id,
        (asked, cluster) -> {
          State state = cluster.state();
          Member member = state.members().get(id);
          if (member == null) {
            return notFound();
          }
          if (!member.learner()) {
            long startedAfter =
                state.voters().stream().filter(m -> m.id() != id && !m.name().isEmpty()).count();
            int quorumAfter = (state.voters().size() - 1) / 2 + 1;
            if (startedAfter < quorumAfter) {
              return refused(
                  Refusal.NOT_ENOUGH_STARTED,
                  "etcdserver: re-configuration failed due to not enough started members");
            }
            boolean active =
                cluster.processes().stream()
                    .anyMatch(p -> p.memberId == id && cluster.reaches(asked, p));
            if (active && connected(asked, cluster) - 1 < quorumAfter) {
              return refused(Refusal.UNHEALTHY, "etcdserver: unhealthy cluster");
            }
          }
          cluster.append(state.without(id));
          return done();
        });
  }

  @Override
  public EtcdResult<Nothing> updatePeerUrl(Access access, long id, String peerUrl) {
    return change(
        access,
        0,
        (asked, cluster) -> {
          State state = cluster.state();
          Member member = state.members().get(id);
          if (member == null) {
            return notFound();
          }
          if (state.members().values().stream()
              .anyMatch(m -> m.id() != id && m.peerUrls().contains(peerUrl))) {
            return refused(Refusal.PEER_URL_EXISTS, "etcdserver: Peer URLs already exists");
          }
          EtcdVersion version = asked.config.version();
          boolean keepsLearners =
              version.minor() == 5 ? version.atLeast(3, 5, 31) : version.atLeast(3, 6, 12);
          cluster.append(
              state.with(
                  new Member(
                      id,
                      member.name(),
                      List.of(peerUrl),
                      member.clientUrls(),
                      member.learner() && keepsLearners)));
          return done();
        });
  }

  @Override
  public EtcdResult<Nothing> moveLeader(Access access, long toId) {
    Optional<ModelProcess> leader =
        access.targets().stream()
            .flatMap(target -> view.answering(target).stream())
            .filter(ModelView::leads)
            .findFirst();
    if (leader.isEmpty()) {
      return refused(Refusal.NO_LEADER, "no leader could be reached");
    }
    ModelCluster cluster = ModelView.cluster(leader.get());
    if (!cluster.state().votes(toId)) {
      return refused(Refusal.BAD_TRANSFEREE, "etcdserver: bad leader transferee");
    }
    return leader.get().memberId == toId || cluster.moveLeader(toId)
        ? done()
        : new Unknown<>("etcdserver: request timed out, leader transfer took too long");
  }

  @Override
  public EtcdResult<Nothing> disarm(Access access, EtcdView.Alarm alarm) {
    return change(access, 0, (asked, cluster) -> done());
  }

  @Override
  public EtcdResult<String> validateDowngrade(Access access, String minor) {
    return downgrade(access, minor, false);
  }

  @Override
  public EtcdResult<String> enableDowngrade(Access access, String minor) {
    return downgrade(access, minor, true);
  }

  private EtcdResult<String> downgrade(Access access, String minor, boolean enable) {
    return change(
        access,
        0,
        (asked, cluster) -> {
          State state = cluster.state();
          EtcdVersion target = EtcdVersion.parse(minor + ".0");
          if (state.version().isEmpty()) {
            return refused(
                Refusal.NO_CLUSTER_VERSION,
                "etcdserver: cluster version not found during downgrade");
          }
          EtcdVersion version = state.version().get();
          if (target.major() != version.major() || target.minor() != version.minor() - 1) {
            return refused(
                Refusal.INVALID_DOWNGRADE_TARGET, "etcdserver: invalid downgrade target version");
          }
          if (state.downgradeTo().isPresent()) {
            return refused(
                Refusal.DOWNGRADE_IN_PROGRESS,
                "etcdserver: cluster has a downgrade job in progress");
          }
          if (enable) {
            cluster.append(state.withDowngrade(Optional.of(target)));
          }
          return new Ok<>(version.minorText());
        });
  }

  @Override
  public EtcdResult<String> cancelDowngrade(Access access) {
    return change(
        access,
        0,
        (asked, cluster) -> {
          cluster.append(cluster.state().withDowngrade(Optional.empty()));
          return new Ok<>(cluster.state().version().map(EtcdVersion::minorText).orElse(""));
        });
  }

  @Override
  public void close() {
    // Nothing is held.
  }

  private <T> EtcdResult<T> change(
      Access access, long notThis, BiFunction<ModelProcess, ModelCluster, EtcdResult<T>> change) {
    Optional<ModelProcess> asked =
        access.targets().stream()
            .flatMap(target -> view.answering(target).stream())
            .filter(p -> ModelView.cluster(p).stateAt(p.index).votes(p.memberId))
            .max(
                java.util.Comparator.comparing((ModelProcess p) -> p.memberId != notThis)
                    .thenComparing(ModelView::leads)
                    .thenComparing(p -> ModelView.cluster(p).leaderOf(p).isPresent()));
    if (asked.isEmpty()) {
      return refused(Refusal.UNREACHABLE, "no member answered");
    }
    ModelCluster cluster = ModelView.cluster(asked.get());
    if (!cluster.canCommit() || cluster.leaderOf(asked.get()).isEmpty()) {
      return new Unknown<>("etcdserver: request timed out");
    }
    return change.apply(asked.get(), cluster);
  }

  /** Voters that the asked one has been connected to for long enough, itself included. */
  private long connected(ModelProcess asked, ModelCluster cluster) {
    Instant before = etcd.time().instant().minus(HEALTH_INTERVAL);
    return cluster.processes().stream()
        .filter(p -> cluster.state().votes(p.memberId))
        .filter(p -> p == asked || (cluster.reaches(asked, p) && since(asked, p).isBefore(before)))
        .count();
  }

  private Instant since(ModelProcess a, ModelProcess b) {
    Instant started = a.started.isAfter(b.started) ? a.started : b.started;
    Instant linked = etcd.network().since(a.place(), b.place());
    return started.isAfter(linked) ? started : linked;
  }

  private static Member voter(Member member) {
    return new Member(member.id(), member.name(), member.peerUrls(), member.clientUrls(), false);
  }

  private static <T> EtcdResult<T> notFound() {
    return refused(Refusal.MEMBER_NOT_FOUND, "etcdserver: member not found");
  }

  private static <T> EtcdResult<T> refused(Refusal kind, String text) {
    return new Refused<>(kind, text);
  }

  private static EtcdResult<Nothing> done() {
    return new Ok<>(Nothing.NOTHING);
  }
}
