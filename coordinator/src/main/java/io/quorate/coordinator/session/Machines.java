package io.quorate.coordinator.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells an agent that was started again from two agents with one key. Each run of an agent has an
 * id of its own: one that comes back after another was there did not end, so there are two, on
 * whatever machines. Remembered since the coordinator's start, which is long enough: both keep
 * coming.
 */
final class Machines {
  private static final int REMEMBERED = 16;

  private final Map<HostName, List<String>> runs = new ConcurrentHashMap<>();

  /** Why this host can no longer be told from its copy. */
  Optional<Problem> copied(HostName host, String run, String address) {
    List<String> seen =
        runs.compute(
            host,
            (name, before) -> {
              List<String> all = new ArrayList<>(before == null ? List.of() : before);
              if (all.isEmpty() || !all.getLast().equals(run)) {
                all.add(run);
              }
              return List.copyOf(all.subList(Math.max(0, all.size() - REMEMBERED), all.size()));
            });
    boolean before = seen.indexOf(run) < seen.size() - 1;
    if (!before || run.isEmpty()) {
      return Optional.empty();
    }
    runs.remove(host);
    return Optional.of(
        Problem.of(
                Code.Q1206,
                "two machines use the identity of %s in turns, the present one at %s: the host is locked"
                    .formatted(host, address))
            .withRemedy("find out who has the copy, then: quorate host token --host " + host));
  }
}
