package io.quorate.coordinator.etcd.live;

import io.quorate.common.model.ClusterName;
import io.quorate.coordinator.etcd.Access;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether etcd's own authentication is enabled, asked of the leaders of 3.4, from where a rolling
 * upgrade is not safe with it. While it is enabled it is asked rarely: etcd writes each such
 * question into its log then.
 */
final class Authentication {
  private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
  private static final Duration AGAIN = Duration.ofSeconds(10);

  private final Connections connections;
  private final Map<ClusterName, Known> known = new ConcurrentHashMap<>();

  private record Known(boolean enabled, long at) {}

  Authentication(Connections connections) {
    this.connections = connections;
  }

  boolean enabled(Access access, List<Answer> answers, Deadline deadline) {
    Optional<Answer> leader =
        answers.stream()
            .filter(Answer::leads)
            .filter(answer -> answer.status().getVersion().startsWith("3.4."))
            .findFirst();
    Known last = known.get(access.cluster());
    boolean fresh = last != null && last.enabled && System.nanoTime() - last.at < AGAIN.toNanos();
    if (leader.isPresent() && !fresh) {
      try {
        boolean enabled = connections.of(access, leader.get().target()).authEnabled(deadline);
        known.put(access.cluster(), new Known(enabled, System.nanoTime()));
        return enabled;
      } catch (CallFailed e) {
        LOG.debug("whether {} asks who is there: {}", access.cluster(), e.getMessage());
      }
    }
    return last != null && last.enabled;
  }
}
