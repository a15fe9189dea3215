package io.quorate.common.pki;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A PKCS#10 request. All that counts of it is the public key, and the proof that its sender holds
 * the other half; names and extensions that it asks for are never looked at.
 */
public final class CertificateRequest {
  private static final int LARGEST = 16 * 1024;

  private final byte[] der;

  private CertificateRequest(byte[] der) {
    this.der = der.clone();
  }

  /** A request for that key, signed by it. */
  public static CertificateRequest make(KeyPair keys) {
    try {
      return new CertificateRequest(
          new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=quorate"), keys.getPublic())
              .build(
                  new JcaContentSignerBuilder(Authority.signatureAlgorithm(keys.getPrivate()))
                      .build(keys.getPrivate()))
              .getEncoded());
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("a request for an own key can be made", e);
    }
  }

  /** {@link #make} as text. */
  public static String makePem(KeyPair keys) {
    return make(keys).toPem();
  }

  /** Whatever it is: nothing is looked at before {@link #verifiedKey}. */
  public static CertificateRequest fromDer(byte[] der) {
    return new CertificateRequest(der);
  }

  /** The only request in a text. */
  public static CertificateRequest fromPem(String text) {
    List<byte[]> requests = Pem.decode(Pem.REQUEST, text);
    if (requests.size() != 1) {
      throw refused("not exactly one certificate request");
    }
    return new CertificateRequest(requests.get(0));
  }

  public byte[] toDer() {
    return der.clone();
  }

  public String toPem() {
    return Pem.encode(Pem.REQUEST, der);
  }

  /**
   * The key that the sender has proven to hold.
   *
   * @throws io.quorate.common.error.QuorateException Q1210 when it is no request, its signature is
   *     not by its key, or the key is weak
   */
  public PublicKey verifiedKey() {
    if (der.length > LARGEST) {
      throw refused("the certificate request is larger than 16 KiB");
    }
    try {
      JcaPKCS10CertificationRequest request =
          new JcaPKCS10CertificationRequest(new PKCS10CertificationRequest(der));
      PublicKey key = request.getPublicKey();
      if (!Keys.strongEnough(key)) {
        throw refused(
            "the key of the certificate request is neither RSA of 2048 bits or more nor ECDSA on"
                + " P-256, P-384 or P-521");
      }
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw refused("the certificate request is not signed by its own key");
      }
      return key;
    } catch (QuorateException e) {
      throw e;
    } catch (GeneralSecurityException
        | IOException
        | PKCSException
        | OperatorCreationException
        | RuntimeException e) {
      // Hostile bytes make the parser throw any of these; all of them mean the same.
      throw refused("the certificate request cannot be read");
    }
  }

  /** {@link #verifiedKey} of the only request in a text. */
  public static PublicKey verifiedKeyFromPem(String text) {
    return fromPem(text).verifiedKey();
  }

  private static RuntimeException refused(String sentence) {
    return Problem.of(Code.Q1210, sentence)
        .withRemedy(
            "let the agent make its own key and request: remove the key file and join again")
        .asException();
  }
}
