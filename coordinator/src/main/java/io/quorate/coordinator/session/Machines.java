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
 * Tells a host that was booted from two machines with one key. A boot's id is new each time: one
 * that comes back after another was there is not the same machine booted again, but a second one
 * that is still running, with the same identity. Remembered since the coordinator's start, which is
 * long enough: both keep coming.
 */
final class Machines {
  private static final int REMEMBERED = 16;

  private final Map<HostName, List<String>> boots = new ConcurrentHashMap<>();

  /** Why this host can no longer be told from its copy. */
  Optional<Problem> copied(HostName host, String boot, String address) {
    List<String> seen =
        boots.compute(
            host,
            (name, before) -> {
              List<String> all = new ArrayList<>(before == null ? List.of() : before);
              if (all.isEmpty() || !all.getLast().equals(boot)) {
                all.add(boot);
              }
              return List.copyOf(all.subList(Math.max(0, all.size() - REMEMBERED), all.size()));
            });
    boolean before = seen.indexOf(boot) < seen.size() - 1;
    if (!before || boot.isEmpty()) {
      return Optional.empty();
    }
    boots.remove(host);
    return Optional.of(
        Problem.of(
                Code.Q1206,
                "two machines use the identity of %s in turns, the present one at %s: the host is locked"
                    .formatted(host, address))
            .withRemedy("find out who has the copy, then: quorate host token --host " + host));
  }
}
