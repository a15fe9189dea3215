package io.quorate.agent.session;

import io.quorate.agent.etcd.MemberSigner;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.pki.CertificateRequest;
import io.quorate.common.pki.Pem;
import io.quorate.common.wire.IdentityWire;
import io.quorate.common.wire.v1.AgentServiceGrpcClient;
import io.quorate.common.wire.v1.SignMemberReply;
import java.io.IOException;

/** Has the coordinator sign a member's certificates. */
public final class RemoteSigner implements MemberSigner {
  private final Coordinators coordinators;

  public RemoteSigner(Coordinators coordinators) {
    this.coordinators = coordinators;
  }

  @Override
  public Signed sign(MemberConfig.Id member, Requests requests) throws IOException {
    Coordinators.Route route = coordinators.route();
    SignMemberReply reply =
        Waiting.on(
            route
                .client()
                .unary(
                    route.endpoint(),
                    AgentServiceGrpcClient.SignMember,
                    IdentityWire.toWire(
                        new IdentityWire.MemberRequests(
                            member,
                            CertificateRequest.fromPem(requests.peer()),
                            CertificateRequest.fromPem(requests.server()),
                            CertificateRequest.fromPem(requests.agent())))),
            CoordinatorClient.TIMEOUT.multipliedBy(2));
    IdentityWire.MemberCertified certified = read(reply);
    return new Signed(
        Pem.encode(certified.peer()),
        Pem.encode(certified.server()),
        Pem.encode(certified.agent()),
        Pem.encode(certified.peerAuthorities()),
        Pem.encode(certified.clientAuthorities()));
  }

  private static IdentityWire.MemberCertified read(SignMemberReply reply) throws IOException {
    try {
      return IdentityWire.fromWire(reply);
    } catch (IllegalArgumentException e) {
      throw new IOException("the coordinator's reply holds no certificates", e);
    }
  }
}
