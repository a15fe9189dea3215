package io.quorate.agent.etcd;

import io.quorate.common.error.Problem;
import io.quorate.common.model.MemberConfig;
import java.util.List;
import java.util.Optional;

/**
 * What a member's own etcd says, and what those say that it names; asked with the agent's client.
 */
public interface LocalEtcd {
  /** Empty when it does not answer at once. */
  Optional<Identity> identity(MemberConfig member);

  /** Empty when it does not answer in time. Blocks for seconds at most. */
  Optional<View> view(MemberConfig member);

  /**
   * Why stopping this running member now would, or might, cost its cluster the quorum; empty when
   * it would not. The algorithm is {@link QuorumRule}'s.
   *
   * @param uptimeSeconds how long it has been running
   */
  Optional<Problem> stopWouldCostQuorum(MemberConfig member, long uptimeSeconds);

  /** Which member of which cluster it is, in hex. */
  record Identity(String clusterId, String memberId, boolean learner) {}

  /**
   * The cluster as one member sees it.
   *
   * @param serving whether a linearizable read through it succeeds
   */
  record View(Identity self, boolean serving, List<Peer> members) {
    public View {
      members = List.copyOf(members);
    }
  }

  /** A member as the cluster lists it; one that never started has no client URLs. */
  record Peer(String id, String name, boolean learner, List<String> clientUrls) {
    public Peer {
      clientUrls = List.copyOf(clientUrls);
    }
  }
}
