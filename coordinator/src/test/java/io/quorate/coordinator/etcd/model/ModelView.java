package io.quorate.coordinator.etcd.model;

import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.MemberLists;
import io.quorate.coordinator.etcd.WellSince;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.EtcdView.Database;
import io.quorate.coordinator.plan.EtcdView.Endpoint;
import io.quorate.coordinator.plan.EtcdView.Member;
import io.quorate.coordinator.plan.EtcdView.MemberList;
import io.quorate.coordinator.plan.EtcdView.Raft;
import io.quorate.coordinator.plan.EtcdView.Status;
import io.quorate.coordinator.plan.EtcdView.Versions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What the modelled etcd says of itself, to who asks from one place. */
final class ModelView {
  private static final long QUOTA = 2L << 30;

  private final ModelEtcd etcd;
  private final String from;
  private final WellSince wellSince = new WellSince();

  ModelView(ModelEtcd etcd, String from) {
    this.etcd = etcd;
    this.from = from;
  }

  EtcdView observe(Access access, Instant now) {
    List<ModelProcess> answering =
        access.targets().stream().flatMap(target -> answering(target).stream()).toList();
    Optional<ModelProcess> teller =
        answering.stream()
            .filter(ModelView::readsLinearizably)
            .max((a, b) -> Boolean.compare(leads(a), leads(b)));
    Optional<MemberList> agreed =
        teller.map(
            process ->
                new MemberList(
                    cluster(process).told, members(cluster(process).stateAt(process.index))));
    List<Endpoint> endpoints = new ArrayList<>();
    for (Access.Target target : access.targets()) {
      Optional<ModelProcess> process = answering(target);
      endpoints.add(
          new Endpoint(
              target.member(),
              process.map(p -> status(p, agreed)),
              process.map(ModelView::readsLinearizably).orElse(false),
              now));
    }
    return new EtcdView(
        now,
        agreed,
        wellSince.stamp(access.cluster(), now, endpoints),
        List.of(),
        teller
            .filter(process -> process.config.version().atLeast(3, 6, 0))
            .map(process -> cluster(process).state().downgradeTo())
            .map(
                target ->
                    new EtcdView.Downgrade(
                        target.isPresent(), target.map(EtcdVersion::toString).orElse(""))));
  }

  /** The process that answers there, if one does. */
  Optional<ModelProcess> answering(Access.Target target) {
    return etcd.processes().stream()
        .filter(p -> p.serving() && !p.frozen && p.config.clientUrl().equals(target.clientUrl()))
        .filter(p -> etcd.network().connects(from, p.place()))
        .findFirst();
  }

  private static boolean readsLinearizably(ModelProcess process) {
    ModelCluster cluster = cluster(process);
    return cluster.canCommit()
        && cluster.state().votes(process.memberId)
        && cluster.leaderOf(process).isPresent()
        && process.index == cluster.length();
  }

  static boolean leads(ModelProcess process) {
    return cluster(process).leader().filter(l -> l == process).isPresent();
  }

  private static Status status(ModelProcess process, Optional<MemberList> agreed) {
    ModelCluster cluster = cluster(process);
    State state = cluster.stateAt(process.index);
    List<String> errors = new ArrayList<>();
    long leader = cluster.leaderOf(process).map(p -> p.memberId).orElse(0L);
    if (leader == 0) {
      errors.add("etcdserver: no leader");
    }
    agreed
        .filter(list -> list.clusterId() != cluster.told)
        .ifPresent(list -> errors.add("answers for the cluster %x".formatted(cluster.told)));
    Member own = state.members().get(process.memberId);
    boolean learner = own != null && own.learner();
    EtcdVersion version = process.config.version();
    return new Status(
        process.memberId,
        new Versions(
            version,
            state.version(),
            version.atLeast(3, 6, 0) ? state.version() : Optional.empty()),
        leader,
        learner,
        new Raft(cluster.term, process.index, process.index),
        new Database(1 << 20, 1 << 19, version.atLeast(3, 6, 0) ? QUOTA : 0),
        errors,
        learner ? "" : MemberLists.digest(members(state)));
  }

  private static List<Member> members(State state) {
    return List.copyOf(state.members().values());
  }

  static ModelCluster cluster(ModelProcess process) {
    return Objects.requireNonNull(process.cluster);
  }
}
