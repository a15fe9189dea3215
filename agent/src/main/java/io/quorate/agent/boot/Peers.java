package io.quorate.agent.boot;

import io.quorate.common.model.MemberConfig;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The members of one cluster among each other, whether their etcd runs or not. */
public interface Peers {
  /**
   * What one of them says.
   *
   * @param serving whether its etcd runs and reads linearizably, so that its list is the cluster's
   */
  record Answer(Membership list, boolean serving) {}

  /** Asks all but the member itself; those that answered, by the peer URL that was asked. */
  Map<String, Answer> ask(MemberConfig member, Membership known);

  /** What the member's own running etcd lists. */
  Optional<Membership> own(MemberConfig member);

  /** Answers at the member's peer port in place of its etcd, which does not run, until closed. */
  Door open(MemberConfig member, Supplier<Membership> known) throws IOException;

  /** Closing it frees the port before it returns. */
  interface Door extends AutoCloseable {
    @Override
    void close();
  }
}
