package io.quorate.coordinator.etcd;

import io.quorate.coordinator.etcd.EtcdResult.Nothing;
import io.quorate.coordinator.plan.EtcdView;
import java.time.Instant;

/**
 * An etcd cluster, asked and changed. Synchronous, for virtual threads, never for an event loop;
 * every call ends by its own deadline, and none throws because a member is dead.
 */
public interface EtcdAdmin extends AutoCloseable {
  /**
   * Asks all targets at once. What one does not answer in time is missing from the view, nothing
   * else. {@code since} of an endpoint counts from the first of an unbroken run of observations of
   * this cluster, by this object, that found it well under one leader (or unwell).
   */
  EtcdView observe(Access access, Instant now);

  /** The value is the new member's id. */
  EtcdResult<Long> addLearner(Access access, String peerUrl);

  EtcdResult<Nothing> promote(Access access, long id);

  /** Asks a member other than the one to be removed while there is one. */
  EtcdResult<Nothing> removeMember(Access access, long id);

  /** Never of a learner: before 3.5.31 and 3.6.12 etcd would silently promote it. */
  EtcdResult<Nothing> updatePeerUrl(Access access, long id, String peerUrl);

  /** Dials the leader, whoever that is by then. */
  EtcdResult<Nothing> moveLeader(Access access, long toId);

  EtcdResult<Nothing> disarm(Access access, EtcdView.Alarm alarm);

  /** Whether etcd would allow it; the value is the cluster's version now. From 3.5. */
  EtcdResult<String> validateDowngrade(Access access, String minor);

  /** Never on a cluster of 3.5: its members would refuse to restart. */
  EtcdResult<String> enableDowngrade(Access access, String minor);

  EtcdResult<String> cancelDowngrade(Access access);

  @Override
  void close();
}
