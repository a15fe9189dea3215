package io.quorate.coordinator.etcd.live;

import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.Refusal;
import io.quorate.coordinator.etcd.rpc.MemberListResponse;
import io.quorate.coordinator.etcd.rpc.StatusResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks all members at once, each on a thread of its own, and each about the same:
 *
 * <ol>
 *   <li>its status; without it there is no answer,
 *   <li>the member list that it holds itself, and the cluster version that it sees,
 *   <li>the member list by a linearizable read through it, unless it knows no leader, or is a
 *       learner, which never serves one. 3.4 has no such question: a linearizable read of a key and
 *       then its own list come to the same, because the list was applied before the read.
 * </ol>
 */
final class Questions {
  private static final Logger LOG = LoggerFactory.getLogger(Questions.class);

  private final Connections connections;

  Questions(Connections connections) {
    this.connections = connections;
  }

  /**
   * Only of those that answered, in the order of the targets.
   *
   * @param strangers whether some member would not answer us
   */
  record Said(List<Answer> answers, boolean strangers) {}

  Said everything(Access access, Deadline deadline) {
    AtomicBoolean strangers = new AtomicBoolean();
    List<Answer> answers =
        all(
            access,
            target -> {
              try {
                return everything(access, target, deadline);
              } catch (CallFailed e) {
                if (Refusal.of(String.valueOf(e.getMessage())) == Refusal.NOT_PERMITTED) {
                  strangers.set(true);
                }
                throw e;
              }
            });
    return new Said(answers, strangers.get());
  }

  /** Statuses only. */
  List<Answer> statuses(Access access, Deadline deadline) {
    return all(
        access,
        target ->
            new Answer(
                target,
                connections.of(access, target).status(deadline),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  private Answer everything(Access access, Access.Target target, Deadline deadline)
      throws CallFailed {
    MemberConnection member = connections.of(access, target);
    StatusResponse status = member.status(deadline);
    Optional<String> clusterVersion =
        attempt(target, () -> member.version(deadline).getString("etcdcluster", ""));
    if (status.getIsLearner()) {
      return new Answer(target, status, Optional.empty(), clusterVersion, Optional.empty());
    }
    Optional<MemberListResponse> own = attempt(target, () -> member.members(false, deadline));
    Optional<MemberListResponse> agreed =
        status.getLeader() == 0
            ? Optional.empty()
            : attempt(
                target,
                () -> {
                  if (status.getVersion().startsWith("3.4.")) {
                    member.read(deadline);
                  }
                  return member.members(true, deadline);
                });
    return new Answer(target, status, own, clusterVersion, agreed);
  }

  private static List<Answer> all(Access access, Ask<Access.Target, Answer> ask) {
    List<Future<Optional<Answer>>> asked = new ArrayList<>();
    for (Access.Target target : access.targets()) {
      FutureTask<Optional<Answer>> task =
          new FutureTask<>(() -> attempt(target, () -> ask.of(target)));
      Thread.ofVirtual().name("etcd-" + target.member()).start(task);
      asked.add(task);
    }
    List<Answer> answers = new ArrayList<>();
    for (Future<Optional<Answer>> future : asked) {
      try {
        future.get().ifPresent(answers::add);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return answers;
      }
    }
    return answers;
  }

  private static <T> Optional<T> attempt(Access.Target target, Call<T> call) {
    try {
      return Optional.of(call.run());
    } catch (CallFailed e) {
      LOG.debug("{} at {}: {}", target.member(), target.clientUrl(), e.getMessage());
      return Optional.empty();
    }
  }

  private interface Ask<Q, R> {
    R of(Q question) throws CallFailed;
  }

  private interface Call<R> {
    R run() throws CallFailed;
  }
}
