package io.quorate.common.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/**
 * A certificate authority: a self-signed certificate and its key. It certifies a public key under a
 * {@link Leaf}, which its caller derives from the inventory; no request has a say.
 *
 * <p>Every certificate is backdated, so that a clock that is a little behind accepts it at once,
 * and never outlives the authority.
 */
public final class Authority {
  private static final Duration BACKDATED = Duration.ofMinutes(1);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final X509Certificate certificate;
  private final PrivateKey key;

  private Authority(X509Certificate certificate, PrivateKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /** A new authority of that name; it signs leaves only. */
  public static Authority create(
      String name, KeyAlgorithm algorithm, Duration validity, Instant now) {
    KeyPair keys = Keys.generate(algorithm);
    X500Name subject = subject(Leaf.of(name, validity).withOrganization("Quorate"));
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              subject,
              serial(),
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(validity)),
              subject,
              keys.getPublic());
      JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          extensions.createSubjectKeyIdentifier(keys.getPublic()));
      return new Authority(sign(builder, keys.getPrivate()), keys.getPrivate());
    } catch (NoSuchAlgorithmException | CertIOException e) {
      throw new IllegalStateException("an authority of own making can be written", e);
    }
  }

  /** From what {@link #toPem()} wrote. */
  public static Authority fromPem(String text) {
    List<X509Certificate> certificates = Certificates.fromPem(text);
    if (certificates.size() != 1) {
      throw new IllegalArgumentException("not exactly one certificate");
    }
    return new Authority(certificates.get(0), Keys.privateFromPem(text));
  }

  /** Certificate and key in one text, so that one atomic write stores both. */
  public String toPem() {
    return Pem.encode(certificate) + Keys.toPem(key);
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** Whether this authority's key is under the certificate; says nothing about its time. */
  public boolean signed(X509Certificate leaf) {
    try {
      leaf.verify(certificate.getPublicKey());
      return leaf.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  public X509Certificate issue(Leaf leaf, PublicKey holder, Instant now) {
    Instant end = now.plus(leaf.validity());
    Instant last = certificate.getNotAfter().toInstant();
    try {
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              certificate,
              leaf.serial().orElseGet(Authority::serial),
              Date.from(now.minus(BACKDATED)),
              Date.from(end.isBefore(last) ? end : last),
              subject(leaf),
              holder);
      extend(builder, leaf, holder);
      return sign(builder, key);
    } catch (NoSuchAlgorithmException | CertIOException e) {
      throw new IllegalStateException("a certificate of own making can be written", e);
    }
  }

  private void extend(X509v3CertificateBuilder builder, Leaf leaf, PublicKey holder)
      throws NoSuchAlgorithmException, CertIOException {
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    int usage = KeyUsage.digitalSignature;
    if (holder.getAlgorithm().equals("RSA")) {
      usage |= KeyUsage.keyEncipherment;
    }
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
    builder.addExtension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(
            leaf.usages().stream().sorted().map(Authority::purpose).toArray(KeyPurposeId[]::new)));
    List<GeneralName> names = new ArrayList<>();
    for (String name : leaf.names()) {
      int kind = IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName;
      names.add(new GeneralName(kind, name));
    }
    leaf.uris()
        .forEach(uri -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
    if (!names.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(GeneralName[]::new)));
    }
    builder.addExtension(
        Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(holder));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()));
  }

  private static KeyPurposeId purpose(Leaf.Usage usage) {
    return switch (usage) {
      case SERVER -> KeyPurposeId.id_kp_serverAuth;
      case CLIENT -> KeyPurposeId.id_kp_clientAuth;
    };
  }

  private static X500Name subject(Leaf leaf) {
    X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
    leaf.organization().ifPresent(organization -> name.addRDN(BCStyle.O, organization));
    return name.addRDN(BCStyle.CN, leaf.commonName()).build();
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
    try {
      return Certificates.fromDer(
          builder
              .build(new JcaContentSignerBuilder(Keys.signatureAlgorithm(key)).build(key))
              .getEncoded());
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("an authority's key can sign", e);
    }
  }

  /** 127 random bits, positive. */
  private static BigInteger serial() {
    return new BigInteger(127, RANDOM).setBit(126);
  }
}
