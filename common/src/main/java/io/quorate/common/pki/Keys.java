package io.quorate.common.pki;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/** Key pairs: made, written and read on the host that uses them. */
public final class Keys {
  private Keys() {}

  public static KeyPair generate(KeyAlgorithm algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.family());
      if (algorithm.family().equals("EC")) {
        generator.initialize(new ECGenParameterSpec("secp" + algorithm.bits() + "r1"));
      } else {
        generator.initialize(algorithm.bits());
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK makes such keys", e);
    }
  }

  static String signatureAlgorithm(PrivateKey key) {
    return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
  }

  /** PKCS#8, as etcd reads it. */
  public static String toPem(PrivateKey key) {
    return Pem.encode(Pem.PRIVATE_KEY, key.getEncoded());
  }

  /** Both halves, so that a key is whole before it has a certificate. */
  public static String toPem(KeyPair pair) {
    return toPem(pair.getPrivate()) + Pem.encode(Pem.PUBLIC_KEY, pair.getPublic().getEncoded());
  }

  /** Both halves, from what {@link #toPem(KeyPair)} wrote. */
  public static KeyPair pairFromPem(String text) {
    List<byte[]> halves = Pem.decode(Pem.PUBLIC_KEY, text);
    if (halves.size() != 1) {
      throw new IllegalArgumentException("not a key pair");
    }
    PrivateKey key = privateFromPem(text);
    try {
      KeyFactory factory = KeyFactory.getInstance(key.getAlgorithm());
      return new KeyPair(factory.generatePublic(new X509EncodedKeySpec(halves.get(0))), key);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a key pair", e);
    }
  }

  public static PrivateKey privateFromPem(String text) {
    List<byte[]> keys = Pem.decode(Pem.PRIVATE_KEY, text);
    if (keys.size() != 1) {
      throw new IllegalArgumentException("not exactly one private key");
    }
    for (String family : List.of("EC", "RSA")) {
      Optional<PrivateKey> key = privateKey(family, keys.get(0));
      if (key.isPresent()) {
        return key.get();
      }
    }
    throw new IllegalArgumentException("neither an EC nor an RSA key");
  }

  private static Optional<PrivateKey> privateKey(String family, byte[] der) {
    try {
      return Optional.of(
          KeyFactory.getInstance(family).generatePrivate(new PKCS8EncodedKeySpec(der)));
    } catch (GeneralSecurityException e) {
      return Optional.empty(); // of the other family
    }
  }

  /** Whether Quorate puts its name under such a key. */
  static boolean strongEnough(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa ->
          rsa.getModulus().bitLength() >= 2048
              && rsa.getModulus().bitLength() <= 8192
              && rsa.getPublicExponent().bitLength() > 2;
      case ECPublicKey ec -> {
        int bits = ec.getParams().getOrder().bitLength();
        yield bits == 256 || bits == 384 || bits == 521;
      }
      default -> false;
    };
  }
}
