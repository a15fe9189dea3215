package io.quorate.coordinator;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.pki.CertificateRequest;
import io.quorate.common.pki.Certificates;
import io.quorate.common.pki.Pem;
import io.quorate.coordinator.api.v1.AccessView;
import io.quorate.coordinator.desk.ClientAccess;
import io.quorate.coordinator.pki.Authorities;
import io.quorate.coordinator.spec.ClusterSpec;
import io.quorate.coordinator.store.Clusters.Cluster;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Credentials for a cluster's clients, signed by that cluster's own authority. */
final class PkiClientAccess implements ClientAccess {
  private static final Duration DEFAULT_TTL = Duration.ofDays(90);
  private static final Duration LONGEST_TTL = Duration.ofDays(398);
  private static final Pattern COMMON_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,62}");

  private final Authorities authorities;

  PkiClientAccess(Authorities authorities) {
    this.authorities = authorities;
  }

  @Override
  public AccessView of(Cluster cluster) {
    return new AccessView(
        cluster.name().value(),
        cluster.spec().members().stream().map(PkiClientAccess::url).toList(),
        Pem.encode(authorities.cluster(cluster.name()).clientAuthorities()));
  }

  private static String url(ClusterSpec.Member member) {
    return new MemberConfig.Endpoints(member.address(), member.clientPort(), member.peerPort())
        .clientUrl();
  }

  @Override
  public AccessView.Credential issue(
      Cluster cluster, String commonName, String csrPem, Optional<Duration> ttl) {
    if (!COMMON_NAME.matcher(commonName).matches()) {
      throw Problem.of(Code.Q1306, "the common name is not made of letters, digits and ._:-")
          .asException();
    }
    Duration lifetime = ttl.orElse(DEFAULT_TTL);
    if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(LONGEST_TTL) > 0) {
      throw Problem.of(Code.Q1306, "a client certificate lives between a second and 398 days")
          .asException();
    }
    PublicKey key = CertificateRequest.verifiedKeyFromPem(csrPem);
    X509Certificate certificate =
        authorities.cluster(cluster.name()).client(commonName, key, lifetime);
    return new AccessView.Credential(
        of(cluster),
        Pem.encode(certificate),
        Certificates.serial(certificate),
        certificate.getNotAfter().toInstant());
  }
}
