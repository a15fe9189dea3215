package io.quorate.agent.boot;

import io.quorate.common.model.MemberConfig;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps, while members run, how each lists its cluster: the next boot may need it. */
public final class MembersKept {
  private static final Logger LOG = LoggerFactory.getLogger(MembersKept.class);

  private final KnownMembers known;
  private final Peers peers;

  public MembersKept(KnownMembers known, Peers peers) {
    this.known = known;
    this.peers = peers;
  }

  /** A list that does not hold the member itself says nothing about it, and is not kept. */
  public void look(MemberConfig member) {
    Optional<Membership> list = peers.own(member);
    if (list.flatMap(l -> l.at(member.endpoints().peerUrl())).isPresent()) {
      try {
        known.keep(member, list.get());
      } catch (IOException e) {
        LOG.warn("the members of {} cannot be kept", member.id().cluster(), e);
      }
    }
  }
}
