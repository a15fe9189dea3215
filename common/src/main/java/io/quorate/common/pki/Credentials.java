package io.quorate.common.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** A private key, and the chain of certificates for it, its own first. */
public record Credentials(PrivateKey key, List<X509Certificate> chain) {
  public Credentials {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("a key without a certificate");
    }
  }

  /** From what {@link #toPem()} wrote. */
  public static Credentials fromPem(String text) {
    return new Credentials(Keys.privateFromPem(text), Certificates.fromPem(text));
  }

  /** Key and chain in one text, so that one atomic write stores both. */
  public String toPem() {
    return Keys.toPem(key) + Pem.encode(chain);
  }

  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** Never the key. */
  @Override
  public String toString() {
    return "credentials of " + certificate().getSubjectX500Principal().getName();
  }
}
