package io.quorate.coordinator.etcd;

import io.quorate.coordinator.plan.EtcdView;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** A cluster to try things on, real or modelled. Members are known by short names. */
public interface EtcdFixture extends AutoCloseable {
  EtcdAdmin admin();

  /** With every member that was ever started as a target. */
  Access access();

  Instant now();

  /** Founds a cluster of these voters and returns when it has a leader and all answer. */
  void found(String version, List<String> members);

  /** Where a member of that name is or will be. */
  String peerUrl(String member);

  /** Starts a member that was added, on empty directories. */
  void join(String version, String member);

  void stop(String member);

  /** On the data that it has. */
  void restart(String member);

  /** Observes until it is so, and returns that view; fails when it takes unreasonably long. */
  EtcdView await(String what, Predicate<EtcdView> so);

  default EtcdView observe() {
    return admin().observe(access(), now());
  }

  @Override
  void close();
}
