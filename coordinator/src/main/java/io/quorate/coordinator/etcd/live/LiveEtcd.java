package io.quorate.coordinator.etcd.live;

import io.etcd.jetcd.Client;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.EtcdAdmin;
import io.quorate.coordinator.etcd.EtcdResult;
import io.quorate.coordinator.etcd.EtcdResult.Nothing;
import io.quorate.coordinator.etcd.EtcdResult.Ok;
import io.quorate.coordinator.etcd.EtcdResult.Refused;
import io.quorate.coordinator.etcd.Refusal;
import io.quorate.coordinator.etcd.WellSince;
import io.quorate.coordinator.etcd.rpc.AlarmRequest;
import io.quorate.coordinator.etcd.rpc.AlarmType;
import io.quorate.coordinator.etcd.rpc.DowngradeRequest;
import io.quorate.coordinator.plan.EtcdView;
import io.quorate.coordinator.plan.EtcdView.Endpoint;
import io.quorate.coordinator.plan.EtcdView.MemberList;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Real etcd. Observations go over connections that are kept; changes are rare and go over a fresh
 * client to one member each, chosen after asking all for their status: the leader, because it
 * always knows and older followers lose what they forward, or for a removal another than the one to
 * go while there is one.
 */
public final class LiveEtcd implements EtcdAdmin {
  private final Connections connections;
  private final Questions questions;
  private final Authentication authentication;
  private final Deadlines deadlines;
  private final WellSince wellSince = new WellSince();

  /** The Vert.x stays its owner's. */
  public LiveEtcd(Vertx vertx, Deadlines deadlines) {
    this.connections = new Connections(vertx);
    this.questions = new Questions(connections);
    this.authentication = new Authentication(connections);
    this.deadlines = deadlines;
  }

  @Override
  public EtcdView observe(Access access, Instant now) {
    connections.keepOnly(access);
    Deadline deadline = Deadline.in(deadlines.observation());
    Questions.Said said = questions.everything(access, deadline);
    List<Answer> answers = said.answers();
    // The leader's list first: it has applied every change that it answered for.
    Optional<MemberList> agreed =
        answers.stream()
            .filter(answer -> answer.agreedList().isPresent())
            .max(
                Comparator.comparing(Answer::leads)
                    .thenComparing(answer -> answer.status().getRaftTerm()))
            .flatMap(Answer::agreed);
    List<Endpoint> endpoints =
        access.targets().stream().map(target -> endpoint(target, answers, agreed, now)).toList();
    return new EtcdView(
        now,
        agreed,
        wellSince.stamp(access.cluster(), now, endpoints),
        answers.stream().flatMap(Answer::alarms).distinct().toList(),
        answers.stream()
            .filter(answer -> answer.status().hasDowngradeInfo())
            .max(Comparator.comparing(Answer::leads))
            .map(answer -> answer.status().getDowngradeInfo())
            .map(info -> new EtcdView.Downgrade(info.getEnabled(), info.getTargetVersion())),
        authentication.ask(access, answers, said.strangers(), deadline));
  }

  private static Endpoint endpoint(
      Access.Target target, List<Answer> answers, Optional<MemberList> agreed, Instant now) {
    return answers.stream()
        .filter(answer -> answer.target().equals(target))
        .findFirst()
        .map(
            answer ->
                new Endpoint(
                    target.member(),
                    Optional.of(answer.asStatus(agreed)),
                    answer.agreedList().isPresent(),
                    now))
        .orElseGet(() -> new Endpoint(target.member(), Optional.empty(), false, now));
  }

  @Override
  public EtcdResult<Long> addLearner(Access access, String peerUrl) {
    return change(
        access,
        Answer::leads,
        client -> client.getClusterClient().addMember(List.of(URI.create(peerUrl)), true),
        added -> added.getMember().getId());
  }

  @Override
  public EtcdResult<Nothing> promote(Access access, long id) {
    return change(access, Answer::leads, client -> client.getClusterClient().promoteMember(id));
  }

  @Override
  public EtcdResult<Nothing> removeMember(Access access, long id) {
    return change(
        access,
        answer -> answer.memberId() != id,
        client -> client.getClusterClient().removeMember(id));
  }

  @Override
  public EtcdResult<Nothing> updatePeerUrl(Access access, long id, String peerUrl) {
    return change(
        access,
        Answer::leads,
        client -> client.getClusterClient().updateMember(id, List.of(URI.create(peerUrl))));
  }

  @Override
  public EtcdResult<Nothing> moveLeader(Access access, long toId) {
    Deadline deadline = Deadline.in(deadlines.change());
    return reached(access, Answer::leads)
        .filter(Answer::leads)
        .<EtcdResult<Nothing>>map(
            leader ->
                onMember(
                    access,
                    leader.target(),
                    deadline,
                    client -> client.getMaintenanceClient().moveLeader(toId),
                    moved -> Nothing.NOTHING))
        .orElseGet(() -> new Refused<>(Refusal.NO_LEADER, "no leader could be reached"));
  }

  @Override
  public EtcdResult<Nothing> disarm(Access access, EtcdView.Alarm alarm) {
    Deadline deadline = Deadline.in(deadlines.change());
    AlarmRequest request =
        AlarmRequest.newBuilder()
            .setAction(AlarmRequest.AlarmAction.DEACTIVATE)
            .setMemberID(alarm.memberId())
            .setAlarm(AlarmType.valueOf(alarm.kind()))
            .build();
    return own(
        access,
        member -> {
          member.alarm(request, deadline);
          return Nothing.NOTHING;
        });
  }

  @Override
  public EtcdResult<String> validateDowngrade(Access access, String minor) {
    return downgrade(access, DowngradeRequest.DowngradeAction.VALIDATE, minor);
  }

  @Override
  public EtcdResult<String> enableDowngrade(Access access, String minor) {
    return downgrade(access, DowngradeRequest.DowngradeAction.ENABLE, minor);
  }

  @Override
  public EtcdResult<String> cancelDowngrade(Access access) {
    return downgrade(access, DowngradeRequest.DowngradeAction.CANCEL, "");
  }

  private EtcdResult<String> downgrade(
      Access access, DowngradeRequest.DowngradeAction action, String minor) {
    Deadline deadline = Deadline.in(deadlines.change());
    DowngradeRequest request =
        DowngradeRequest.newBuilder().setAction(action).setVersion(minor).build();
    return own(access, member -> member.downgrade(request, deadline).getVersion());
  }

  @Override
  public void close() {
    connections.close();
  }

  private EtcdResult<Nothing> change(
      Access access,
      Predicate<Answer> preferred,
      Function<Client, ? extends CompletableFuture<?>> call) {
    return change(
        access, preferred, client -> call.apply(client).thenApply(x -> x), x -> Nothing.NOTHING);
  }

  private <R, T> EtcdResult<T> change(
      Access access,
      Predicate<Answer> preferred,
      Function<Client, CompletableFuture<R>> call,
      Function<R, T> value) {
    Deadline deadline = Deadline.in(deadlines.change());
    return reached(access, preferred)
        .map(answer -> onMember(access, answer.target(), deadline, call, value))
        .orElseGet(() -> new Refused<>(Refusal.UNREACHABLE, "no member answered"));
  }

  private <R, T> EtcdResult<T> onMember(
      Access access,
      Access.Target target,
      Deadline deadline,
      Function<Client, CompletableFuture<R>> call,
      Function<R, T> value) {
    try {
      return new Ok<>(value.apply(Changes.call(access, target, deadline, call)));
    } catch (CallFailed e) {
      return e.asResult();
    }
  }

  private <T> EtcdResult<T> own(Access access, OwnCall<T> call) {
    Optional<Answer> leader = reached(access, Answer::leads);
    if (leader.isEmpty()) {
      return new Refused<>(Refusal.UNREACHABLE, "no member answered");
    }
    try {
      return new Ok<>(call.on(connections.of(access, leader.get().target())));
    } catch (CallFailed e) {
      return e.asResult();
    }
  }

  /** A voter that answers and knows a leader, a preferred one while there is one. */
  private Optional<Answer> reached(Access access, Predicate<Answer> preferred) {
    Deadline forStatus = Deadline.in(deadlines.observation());
    return questions.statuses(access, forStatus).stream()
        .filter(answer -> !answer.status().getIsLearner())
        .max(
            Comparator.comparing((Answer answer) -> preferred.test(answer))
                .thenComparing(Answer::leads)
                .thenComparing(answer -> answer.status().getLeader() != 0));
  }

  private interface OwnCall<T> {
    T on(MemberConnection member) throws CallFailed;
  }
}
