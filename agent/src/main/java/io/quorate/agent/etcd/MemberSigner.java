package io.quorate.agent.etcd;

import io.quorate.common.model.MemberConfig;
import java.io.IOException;

/** Has a member's certificates signed by its cluster's authorities, which the coordinator holds. */
public interface MemberSigner {
  /**
   * Blocks; called on a virtual thread.
   *
   * @throws IOException when the coordinator cannot be reached or refuses
   */
  Signed sign(MemberConfig.Id member, Requests requests) throws IOException;

  /** PKCS#10 requests as PEM. Only the public keys count: the inventory decides what is signed. */
  record Requests(String peer, String server, String agent) {}

  /**
   * X.509 certificates as PEM; the authorities may be several in one text, which is how one follows
   * another. The server's is for client authentication as well, because the gateway of etcd 3.4
   * calls its own listener with it.
   */
  record Signed(
      String peer, String server, String agent, String peerAuthorities, String clientAuthorities) {}
}
