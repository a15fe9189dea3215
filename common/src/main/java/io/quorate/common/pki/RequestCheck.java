package io.quorate.common.pki;

import io.quorate.common.error.QuorateException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** Reads requests from strangers; apart from making them, which agents do without the library. */
final class RequestCheck {
  private RequestCheck() {}

  /** As {@link CertificateRequest#verifiedKey}. */
  static PublicKey verifiedKey(byte[] der) {
    try {
      JcaPKCS10CertificationRequest request =
          new JcaPKCS10CertificationRequest(new PKCS10CertificationRequest(der));
      PublicKey key = request.getPublicKey();
      if (!Keys.strongEnough(key)) {
        throw CertificateRequest.refused(
            "the key of the certificate request is neither RSA of 2048 bits or more nor ECDSA on"
                + " P-256, P-384 or P-521");
      }
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw CertificateRequest.refused("the certificate request is not signed by its own key");
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
      throw CertificateRequest.refused("the certificate request cannot be read");
    }
  }
}
