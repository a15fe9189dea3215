package io.quorate.coordinator.desk;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Where a member goes whose host is to be emptied. Pure.
 *
 * <ol>
 *   <li>To one of the hosts that were named, or else of the cluster's spares.
 *   <li>Never to the host that is emptied, nor to one that has a member of the cluster already.
 *   <li>To the one that carries the fewest members of all clusters; among equals, the first named.
 * </ol>
 */
final class Drain {
  private Drain() {}

  static HostName target(
      ClusterSpec cluster, HostName leaving, List<HostName> named, Map<HostName, Long> carried) {
    List<HostName> candidates = named.isEmpty() ? cluster.policies().spares() : named;
    return candidates.stream()
        .filter(h -> !h.equals(leaving))
        .filter(h -> cluster.members().stream().noneMatch(m -> m.host().equals(h)))
        .min(Comparator.comparing(h -> carried.getOrDefault(h, 0L)))
        .orElseThrow(
            () ->
                Problem.of(
                        Code.Q3601,
                        "there is no host for the member of %s on %s"
                            .formatted(cluster.cluster(), leaving))
                    .withState("nothing was changed in " + cluster.cluster())
                    .withRemedy("quorate host drain %s --to HOST".formatted(leaving))
                    .asException());
  }
}
