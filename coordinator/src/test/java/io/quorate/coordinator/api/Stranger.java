package io.quorate.coordinator.api;

import io.quorate.coordinator.cli.http.Address;
import io.quorate.coordinator.cli.http.HttpsClient;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Somebody without a certificate. */
final class Stranger {
  private Stranger() {}

  static SSLContext trusting(List<X509Certificate> authorities) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", authorities.getFirst());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  static HttpsClient client(int port, SSLContext context) {
    return new HttpsClient(new Address("127.0.0.1", port), context);
  }
}
