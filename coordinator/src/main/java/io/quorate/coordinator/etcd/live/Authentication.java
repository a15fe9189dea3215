package io.quorate.coordinator.etcd.live;

import io.quorate.common.model.ClusterName;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.plan.EtcdView.Login;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether etcd's own authentication is enabled, and whether it knows the coordinator.
 *
 * <ol>
 *   <li>A member that refuses to tell its status to a stranger (3.5.30 does) has answered both.
 *   <li>Otherwise the leader is asked: first whether it is enabled at all, then for a key that only
 *       a user with the role root may surely read.
 *   <li>What it said is remembered for some seconds, and longer until it says something else: each
 *       question costs the cluster a round, and is written into etcd's log while it is enabled.
 *       Only "not enabled" of 3.4 is asked for each time: from there a rolling upgrade is not safe
 *       with it.
 * </ol>
 */
final class Authentication {
  private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
  private static final Duration AGAIN = Duration.ofSeconds(10);

  private final Connections connections;
  private final Map<ClusterName, Known> known = new ConcurrentHashMap<>();

  private record Known(Login login, long at) {}

  Authentication(Connections connections) {
    this.connections = connections;
  }

  /**
   * @param strangers whether a member said that it does not know us
   */
  Login ask(Access access, List<Answer> answers, boolean strangers, Deadline deadline) {
    if (strangers) {
      return remember(access, Login.REFUSED);
    }
    Optional<Answer> leader = answers.stream().filter(Answer::leads).findFirst();
    Known last = known.get(access.cluster());
    if (leader.isPresent() && !fresh(last, leader.get())) {
      try {
        return remember(access, login(connections.of(access, leader.get().target()), deadline));
      } catch (CallFailed e) {
        LOG.debug("whether {} asks who is there: {}", access.cluster(), e.getMessage());
      }
    }
    return last == null ? Login.NONE : last.login;
  }

  private static Login login(MemberConnection member, Deadline deadline) throws CallFailed {
    if (!member.authEnabled(deadline)) {
      return Login.NONE;
    }
    return member.mayRead(deadline) ? Login.ADMITTED : Login.REFUSED;
  }

  private static boolean fresh(@org.jspecify.annotations.Nullable Known last, Answer leader) {
    boolean old = leader.status().getVersion().startsWith("3.4.");
    return last != null
        && System.nanoTime() - last.at < AGAIN.toNanos()
        && !(old && last.login == Login.NONE);
  }

  private Login remember(Access access, Login login) {
    known.put(access.cluster(), new Known(login, System.nanoTime()));
    return login;
  }
}
