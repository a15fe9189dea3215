package io.quorate.coordinator.rollout;

import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.model.Operation;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.EtcdAdmin;
import io.quorate.coordinator.etcd.EtcdResult;
import io.quorate.coordinator.observe.Agents;
import io.quorate.coordinator.observe.ClusterObserver;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.Intents;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.store.Clusters.Cluster;
import io.quorate.coordinator.store.Journal.RolloutState;
import io.quorate.coordinator.store.Operations;
import io.quorate.coordinator.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Carries out one step: writes what must be durable first, then says it. Whether it came to
 * anything is not its business; the next observation tells, also after a crash between the two.
 */
public final class Dispatcher {
  /**
   * Long enough for a large database on a slow disk; a host that dies with it is found out by then.
   */
  static final Duration OPERATION_TIME = Duration.ofMinutes(30);

  private final Store store;
  private final Agents agents;
  private final EtcdAdmin etcd;
  private final ClusterObserver observer;
  private final InstantSource clock;
  private final OperationIds operations;

  /** Epoch and fresh ids for operations. */
  public record OperationIds(long epoch, Supplier<String> fresh) {}

  public Dispatcher(
      Store store,
      Agents agents,
      EtcdAdmin etcd,
      ClusterObserver observer,
      InstantSource clock,
      OperationIds operations) {
    this.store = store;
    this.agents = agents;
    this.etcd = etcd;
    this.observer = observer;
    this.clock = clock;
    this.operations = operations;
  }

  /** What takes over for hosts that are gone, for one cluster. */
  SpareHosts spares() {
    return new SpareHosts(store, agents, clock);
  }

  /** Empty when it was said; otherwise why etcd refused, in its own words, to be tried again. */
  public Optional<String> carryOut(Cluster cluster, ClusterView view, Step step) {
    Instant now = clock.instant();
    return switch (step) {
      case Step.Configure configure -> {
        store.documents().issue(configure.documents(), now);
        configure.documents().keySet().forEach(agents::push);
        yield Optional.empty();
      }
      case Step.Forget(HostName host, MemberConfig.Id id) -> {
        store.documents().forget(host, id, now);
        agents.push(host);
        yield Optional.empty();
      }
      case Step.SaveSnapshot(MemberName member, HostName host) ->
          send(cluster, member, host, new Operation.SaveSnapshot(id(cluster, member)));
      case Step.ExportData(MemberName member, HostName host, String lineage) ->
          send(cluster, member, host, new Operation.ExportData(id(cluster, member), lineage));
      case Step.Note(Step.Decided decided) -> {
        note(cluster, decided, now);
        yield Optional.empty();
      }
      case Step.AddLearner add -> said(etcd.addLearner(access(cluster), add.peerUrl()));
      case Step.Promote promote -> said(etcd.promote(access(cluster), promote.id()));
      case Step.RemoveMember remove -> remove(cluster, view, remove);
      case Step.UpdatePeerUrl update ->
          said(etcd.updatePeerUrl(access(cluster), update.id(), update.peerUrl()));
      case Step.MoveLeader move -> said(etcd.moveLeader(access(cluster), move.toId()));
      case Step.Downgrade downgrade -> downgrade(access(cluster), downgrade);
    };
  }

  private Optional<String> send(
      Cluster cluster, MemberName member, HostName host, Operation.Task task) {
    Instant now = clock.instant();
    Operation operation =
        new Operation(
            Outcomes.STEP + operations.fresh().get(),
            operations.epoch(),
            now.plus(OPERATION_TIME),
            task);
    store
        .operations()
        .add(
            new Operations.Sent(
                operation,
                host,
                Optional.of(cluster.name()),
                Optional.of(member),
                now,
                Optional.empty(),
                Optional.empty()));
    agents.send(host, operation);
    return Optional.empty();
  }

  /**
   * A learner that is still wanted and is removed nevertheless made no progress; that is counted.
   */
  private Optional<String> remove(Cluster cluster, ClusterView view, Step.RemoveMember remove) {
    boolean givenUp =
        cluster.spec().member(remove.member()).isPresent()
            && view.etcd()
                .members()
                .flatMap(l -> l.byId(remove.id()))
                .filter(m -> m.learner())
                .isPresent();
    EtcdResult<EtcdResult.Nothing> removed = etcd.removeMember(access(cluster), remove.id());
    if (givenUp && !(removed instanceof EtcdResult.Refused)) {
      store
          .clusters()
          .update(cluster.name(), c -> c.withIntent(Intents.gaveUp(c.intent(), remove.member())));
    }
    return said(removed);
  }

  /** etcd is asked whether it would, before it is told to. */
  private Optional<String> downgrade(Access access, Step.Downgrade step) {
    if (step.action() == Step.DowngradeAction.CANCEL) {
      return said(etcd.cancelDowngrade(access));
    }
    Optional<String> objection = said(etcd.validateDowngrade(access, step.minor()));
    return objection.isPresent() ? objection : said(etcd.enableDowngrade(access, step.minor()));
  }

  private void note(Cluster cluster, Step.Decided decided, Instant now) {
    if (decided instanceof Step.Decided.TurnedBack(String reason)) {
      TurningBack.to(store, cluster, new TurningBack.Cause(reason, "quorate", true), now);
      return;
    }
    store
        .clusters()
        .update(cluster.name(), c -> c.withIntent(Intents.apply(c.intent(), decided, now)));
    if (decided instanceof Step.Decided.CalledOff) {
      // After it: whatever is told to be over must not go on.
      store
          .journal()
          .open(cluster.name())
          .ifPresent(r -> EndedRollout.end(store, r, RolloutState.ABORTED, now));
    }
  }

  private Access access(Cluster cluster) {
    Map<HostName, ClusterView.Issued> issued = store.documents().of(cluster.name());
    return observer
        .access(cluster.name(), issued)
        .orElseThrow(() -> new IllegalStateException("nothing runs in " + cluster.name()));
  }

  private static <T> Optional<String> said(EtcdResult<T> result) {
    return switch (result) {
      case EtcdResult.Ok<T> ok -> Optional.empty();
      case EtcdResult.Refused<T> refused -> Optional.of(refused.text());
      case EtcdResult.Unknown<T> unknown -> Optional.of("no answer: " + unknown.text());
    };
  }

  private static MemberConfig.Id id(Cluster cluster, MemberName member) {
    return new MemberConfig.Id(cluster.name(), member);
  }
}
