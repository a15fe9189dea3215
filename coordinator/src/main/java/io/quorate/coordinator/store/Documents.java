package io.quorate.coordinator.store;

import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostConfig;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.coordinator.plan.ClusterView;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The desired document of each host, as it was last issued. */
public interface Documents {
  /** With the given epoch; generation 0 and no members when nothing was ever issued. */
  HostConfig current(HostName host, long epoch);

  /**
   * Puts documents in place of those with the same id, each host's generation raised by one, all in
   * one transaction.
   */
  void issue(Map<HostName, MemberConfig> documents, Instant at);

  /** Drops one member's document, the host's generation raised by one. */
  void forget(HostName host, MemberConfig.Id member, Instant at);

  /** Every document of a cluster, by host: a cluster has at most one member on a host. */
  Map<HostName, ClusterView.Issued> of(ClusterName cluster);

  /**
   * Whether what was last issued to a host is known; not after {@link Store#restored} until {@link
   * #adopt}.
   */
  boolean known(HostName host);

  /**
   * Takes what is in force on a host for what was last issued to it, under a generation above its
   * own, and drops what was held to be.
   */
  void adopt(HostName host, HostConfig inForce, Instant at);

  Optional<ClusterView.Issued> find(HostName host, MemberConfig.Id member);
}
