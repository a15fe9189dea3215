package io.quorate.common.pki;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.List;

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

  /**
   * A request for that key, signed by it. Put together by hand: it is all that an agent needs of
   * such a library, which would cost it several megabytes for good.
   */
  public static CertificateRequest make(KeyPair keys) {
    PrivateKey key = keys.getPrivate();
    boolean rsa = key.getAlgorithm().equals("RSA");
    byte[] wish =
        Der.sequence(
            Der.VERSION_0, Der.commonName("quorate"), keys.getPublic().getEncoded(), Der.NOTHING);
    try {
      Signature signature = Signature.getInstance(Keys.signatureAlgorithm(key));
      signature.initSign(key);
      signature.update(wish);
      return new CertificateRequest(
          Der.sequence(
              wish,
              rsa ? Der.SHA256_WITH_RSA : Der.SHA256_WITH_ECDSA,
              Der.bitString(signature.sign())));
    } catch (GeneralSecurityException e) {
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
    return RequestCheck.verifiedKey(der);
  }

  /** {@link #verifiedKey} of the only request in a text. */
  public static PublicKey verifiedKeyFromPem(String text) {
    return fromPem(text).verifiedKey();
  }

  static QuorateException refused(String sentence) {
    return Problem.of(Code.Q1210, sentence)
        .withRemedy(
            "let the agent make its own key and request: remove the key file and join again")
        .asException();
  }
}
