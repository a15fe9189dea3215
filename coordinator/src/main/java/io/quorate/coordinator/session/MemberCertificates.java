package io.quorate.coordinator.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.wire.IdentityWire;
import io.quorate.coordinator.pki.Authorities;
import io.quorate.coordinator.pki.ClusterAuthorities;
import io.quorate.coordinator.store.Store;

/**
 * Signs what a member needs, for the host that it was placed on and for no other: names and
 * lifetime come from the document that was issued to that host, only the public keys from the
 * request.
 */
final class MemberCertificates {
  private final Store store;
  private final Authorities authorities;

  MemberCertificates(Store store, Authorities authorities) {
    this.store = store;
    this.authorities = authorities;
  }

  IdentityWire.MemberCertified sign(HostName host, IdentityWire.MemberRequests requests) {
    MemberConfig.Id id = requests.member();
    MemberConfig member =
        store
            .documents()
            .find(host, id)
            .orElseThrow(
                () ->
                    Problem.of(
                            Code.Q1207, "the member %s is not on the host %s".formatted(id, host))
                        .asException())
            .document();
    if (store.clusters().find(id.cluster()).isEmpty()) {
      // It was made after the backup that the store came back from. Authorities made now would
      // be others, and its members would no longer know each other.
      throw Problem.of(Code.Q1303, "this coordinator does not know the cluster " + id.cluster())
          .asException();
    }
    ClusterAuthorities cluster = authorities.cluster(id.cluster());
    return new IdentityWire.MemberCertified(
        cluster.peer(member, requests.peer().verifiedKey()),
        cluster.server(member, requests.server().verifiedKey()),
        cluster.agent(requests.agent().verifiedKey()),
        cluster.peerAuthorities(),
        cluster.clientAuthorities());
  }
}
