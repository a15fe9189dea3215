package io.quorate.common.tls;

import io.quorate.common.pki.Pin;
import io.vertx.core.net.TrustOptions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Trust in whoever is certified by the one authority whose fingerprint was brought by hand.
 *
 * <ol>
 *   <li>The chain that the server presents must hold a certificate with exactly the pinned SHA-256;
 *       otherwise the handshake ends, and with it the connection, before the client has said
 *       anything.
 *   <li>That certificate, and nothing that the operating system trusts, is then the anchor of an
 *       ordinary validation of the chain, name included.
 *   <li>A chain that is right but for its time is refused as what it most often is: clocks apart.
 * </ol>
 */
public final class PinnedTrust implements X509TrustManager {
  private final Pin pin;
  private final InstantSource clock;

  private PinnedTrust(Pin pin, InstantSource clock) {
    this.pin = pin;
    this.clock = clock;
  }

  public static TrustOptions of(Pin pin, InstantSource clock) {
    return TrustOptions.wrap(new PinnedTrust(pin, clock));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    X509Certificate anchor = null;
    for (X509Certificate certificate : chain) {
      if (pin.matches(certificate)) {
        anchor = certificate;
      }
    }
    if (anchor == null) {
      throw new WrongPinException();
    }
    Instant now = clock.instant();
    Instant from = chain[0].getNotBefore().toInstant();
    Instant until = chain[0].getNotAfter().toInstant();
    if (now.isBefore(from) || now.isAfter(until)) {
      throw new WrongTimeException(
          "the coordinator's certificate is valid from %s to %s, but this host's clock says %s"
              .formatted(from, until, now));
    }
    only(anchor).checkServerTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this trust is for servers");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private static X509TrustManager only(X509Certificate anchor) throws CertificateException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("pinned", anchor);
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager found) {
          return found;
        }
      }
      throw new IllegalStateException("every JDK has a PKIX trust manager");
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new CertificateException("the pinned authority cannot be trusted", e);
    }
  }

  /** Nobody with the pinned authority's certificate answered. */
  public static final class WrongPinException extends CertificateException {
    private static final long serialVersionUID = 1L;

    WrongPinException() {
      super("the server's authority is not the pinned one");
    }
  }

  /** The right one answered, but its certificate is not valid by this host's clock. */
  public static final class WrongTimeException extends CertificateException {
    private static final long serialVersionUID = 1L;

    WrongTimeException(String message) {
      super(message);
    }
  }
}
