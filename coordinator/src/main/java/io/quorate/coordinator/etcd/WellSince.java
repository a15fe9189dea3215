package io.quorate.coordinator.etcd;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.plan.EtcdView.Endpoint;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Since when each endpoint has been continuously well, or unwell, and when it last got further in
 * what it has applied. To be well is to be so under one leader in one term: an election ends a
 * spell. An endpoint that was not asked about is forgotten; the first observation begins a spell.
 * Shared by the real thing and the model, so that both mean the same.
 */
public final class WellSince {
  private final Map<ClusterName, Map<MemberName, Spell>> spells = new HashMap<>();

  /** The same endpoints with their {@code since} filled in. */
  public synchronized List<Endpoint> stamp(ClusterName cluster, Instant now, List<Endpoint> asked) {
    Map<MemberName, Spell> before = spells.getOrDefault(cluster, Map.of());
    Map<MemberName, Spell> after = new HashMap<>();
    List<Endpoint> stamped =
        asked.stream()
            .map(
                endpoint -> {
                  Spell last = before.get(endpoint.member());
                  Optional<Reign> reign = endpoint.well() ? reign(endpoint) : Optional.empty();
                  Instant since = last != null && last.reign().equals(reign) ? last.since() : now;
                  long applied = endpoint.status().map(s -> s.raft().applied()).orElse(0L);
                  Instant progressed =
                      last != null && applied <= last.applied() ? last.progressed() : now;
                  after.put(endpoint.member(), new Spell(reign, since, applied, progressed));
                  return new Endpoint(
                      endpoint.member(),
                      endpoint.status(),
                      endpoint.linearizable(),
                      since,
                      progressed);
                })
            .toList();
    spells.put(cluster, after);
    return stamped;
  }

  private static Optional<Reign> reign(Endpoint endpoint) {
    return endpoint.status().map(s -> new Reign(s.leaderId(), s.raft().term()));
  }

  private record Reign(long leaderId, long term) {}

  /** No reign for one that is not well. */
  private record Spell(Optional<Reign> reign, Instant since, long applied, Instant progressed) {}
}
