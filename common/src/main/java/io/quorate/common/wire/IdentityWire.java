package io.quorate.common.wire;

import com.google.protobuf.ByteString;
import io.quorate.common.model.ClusterName;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.MemberName;
import io.quorate.common.pki.CertificateRequest;
import io.quorate.common.pki.Certificates;
import io.quorate.common.wire.v1.JoinReply;
import io.quorate.common.wire.v1.JoinRequest;
import io.quorate.common.wire.v1.RenewReply;
import io.quorate.common.wire.v1.RenewRequest;
import io.quorate.common.wire.v1.SignMemberReply;
import io.quorate.common.wire.v1.SignMemberRequest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Certificate requests and certificates. Who gets a request verifies it. What is read as a
 * certificate and is none is an {@link IllegalArgumentException}.
 */
public final class IdentityWire {
  private IdentityWire() {}

  /** What a host says that wants to be one of ours. An empty name is the token's. */
  public record Application(
      String token,
      String host,
      CertificateRequest request,
      String agentVersion,
      int protocol,
      Instant clock) {
    /** Never the token. */
    @Override
    public String toString() {
      return "application of " + host;
    }
  }

  /** A certificate, and whom its holder is to trust. */
  public record Certified(X509Certificate certificate, List<X509Certificate> authorities) {
    public Certified {
      authorities = List.copyOf(authorities);
    }
  }

  /** One request for each of a member's certificates. */
  public record MemberRequests(
      MemberConfig.Id member,
      CertificateRequest peer,
      CertificateRequest server,
      CertificateRequest agent) {}

  /** What a member and the agent beside it need. */
  public record MemberCertified(
      X509Certificate peer,
      X509Certificate server,
      X509Certificate agent,
      List<X509Certificate> peerAuthorities,
      List<X509Certificate> clientAuthorities) {
    public MemberCertified {
      peerAuthorities = List.copyOf(peerAuthorities);
      clientAuthorities = List.copyOf(clientAuthorities);
    }
  }

  public static JoinRequest toWire(Application application) {
    return JoinRequest.newBuilder()
        .setToken(application.token())
        .setHost(application.host())
        .setCertificateRequest(write(application.request()))
        .setAgentVersion(application.agentVersion())
        .setProtocol(application.protocol())
        .setClockMillis(application.clock().toEpochMilli())
        .build();
  }

  public static Application fromWire(JoinRequest wire) {
    return new Application(
        wire.getToken(),
        wire.getHost(),
        request(wire.getCertificateRequest()),
        wire.getAgentVersion(),
        wire.getProtocol(),
        Instant.ofEpochMilli(wire.getClockMillis()));
  }

  public static JoinReply joined(HostName host, Certified certified) {
    return JoinReply.newBuilder()
        .setHost(host.value())
        .setCertificate(write(certified.certificate()))
        .addAllAuthorities(write(certified.authorities()))
        .build();
  }

  public static Certified fromWire(JoinReply wire) {
    return new Certified(read(wire.getCertificate()), read(wire.getAuthoritiesList()));
  }

  public static RenewRequest renewal(CertificateRequest request) {
    return RenewRequest.newBuilder().setCertificateRequest(write(request)).build();
  }

  public static CertificateRequest fromWire(RenewRequest wire) {
    return request(wire.getCertificateRequest());
  }

  public static RenewReply renewed(Certified certified) {
    return RenewReply.newBuilder()
        .setCertificate(write(certified.certificate()))
        .addAllAuthorities(write(certified.authorities()))
        .build();
  }

  public static Certified fromWire(RenewReply wire) {
    return new Certified(read(wire.getCertificate()), read(wire.getAuthoritiesList()));
  }

  public static SignMemberRequest toWire(MemberRequests requests) {
    return SignMemberRequest.newBuilder()
        .setCluster(requests.member().cluster().value())
        .setMember(requests.member().member().value())
        .setPeerRequest(write(requests.peer()))
        .setServerRequest(write(requests.server()))
        .setAgentRequest(write(requests.agent()))
        .build();
  }

  public static MemberRequests fromWire(SignMemberRequest wire) {
    return new MemberRequests(
        new MemberConfig.Id(ClusterName.of(wire.getCluster()), MemberName.of(wire.getMember())),
        request(wire.getPeerRequest()),
        request(wire.getServerRequest()),
        request(wire.getAgentRequest()));
  }

  public static SignMemberReply toWire(MemberCertified certified) {
    return SignMemberReply.newBuilder()
        .setPeerCertificate(write(certified.peer()))
        .setServerCertificate(write(certified.server()))
        .setAgentCertificate(write(certified.agent()))
        .addAllPeerAuthorities(write(certified.peerAuthorities()))
        .addAllClientAuthorities(write(certified.clientAuthorities()))
        .build();
  }

  public static MemberCertified fromWire(SignMemberReply wire) {
    return new MemberCertified(
        read(wire.getPeerCertificate()),
        read(wire.getServerCertificate()),
        read(wire.getAgentCertificate()),
        read(wire.getPeerAuthoritiesList()),
        read(wire.getClientAuthoritiesList()));
  }

  private static ByteString write(CertificateRequest request) {
    return ByteString.copyFrom(request.toDer());
  }

  private static CertificateRequest request(ByteString der) {
    return CertificateRequest.fromDer(der.toByteArray());
  }

  private static ByteString write(X509Certificate certificate) {
    return ByteString.copyFrom(Certificates.toDer(certificate));
  }

  private static List<ByteString> write(List<X509Certificate> certificates) {
    return certificates.stream().map(IdentityWire::write).toList();
  }

  private static X509Certificate read(ByteString der) {
    return Certificates.fromDer(der.toByteArray());
  }

  private static List<X509Certificate> read(List<ByteString> ders) {
    return ders.stream().map(IdentityWire::read).toList();
  }
}
