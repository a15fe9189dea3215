package io.quorate.agent.session;

import io.quorate.common.model.HostName;
import io.quorate.common.pki.Certificates;
import io.quorate.common.pki.Credentials;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Who this agent is: its key and certificate, and the authorities it knows its coordinator by. */
public record Identity(Credentials own, List<X509Certificate> authorities) {
  private static final String URI = "quorate://agent/";

  public Identity {
    authorities = List.copyOf(authorities);
    if (Certificates.uris(own.certificate()).stream().noneMatch(uri -> uri.startsWith(URI))) {
      throw new IllegalArgumentException("not the certificate of an agent");
    }
  }

  public HostName host() {
    return HostName.of(
        Certificates.uris(own.certificate()).stream()
            .filter(uri -> uri.startsWith(URI))
            .findFirst()
            .orElseThrow()
            .substring(URI.length()));
  }

  /**
   * When to ask for a new certificate: at half of its life, up to a tenth of it earlier, so that
   * hosts that joined together do not renew together. The jitter is from 0 to 1 and stays the same
   * for one certificate.
   */
  Instant renewal(double jitter) {
    Instant from = own.certificate().getNotBefore().toInstant();
    Duration life = Duration.between(from, own.certificate().getNotAfter().toInstant());
    return from.plus(life.dividedBy(2)).minusMillis((long) (life.toMillis() * 0.1 * jitter));
  }
}
