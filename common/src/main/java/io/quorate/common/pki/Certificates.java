package io.quorate.common.pki;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.bouncycastle.util.IPAddress;

/** Reading X.509 certificates. */
public final class Certificates {
  private static final int URI = 6;
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private Certificates() {}

  public static X509Certificate fromDer(byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new IllegalArgumentException("not a certificate", e);
    }
  }

  public static List<X509Certificate> fromPem(String text) {
    return Pem.decode(Pem.CERTIFICATE, text).stream().map(Certificates::fromDer).toList();
  }

  public static byte[] toDer(X509Certificate certificate) {
    return Pem.der(certificate);
  }

  /** In hex, as Quorate records and prints it. */
  public static String serial(X509Certificate certificate) {
    return certificate.getSerialNumber().toString(16);
  }

  public static List<String> uris(X509Certificate certificate) {
    return alternatives(certificate, URI);
  }

  /** The DNS names and IP addresses that it is for. */
  public static List<String> names(X509Certificate certificate) {
    List<String> all = new ArrayList<>(alternatives(certificate, DNS_NAME));
    all.addAll(alternatives(certificate, IP_ADDRESS));
    return all;
  }

  /** Names as {@link #names} would read them back from a certificate. */
  public static List<String> canonicalNames(List<String> names) {
    return names.stream().map(Certificates::canonical).distinct().toList();
  }

  private static String canonical(String name) {
    if (!IPAddress.isValid(name)) {
      return name;
    }
    try {
      return InetAddress.getByName(name).getHostAddress(); // a literal: nothing is looked up
    } catch (UnknownHostException e) {
      return name;
    }
  }

  /** The values of one part of the subject (CN, O) in order; empty when it has none. */
  public static List<String> subject(X509Certificate certificate, String part) {
    try {
      LdapName name = new LdapName(certificate.getSubjectX500Principal().getName());
      return name.getRdns().stream()
          .filter(rdn -> rdn.getType().equalsIgnoreCase(part))
          .map(Rdn::getValue)
          .map(Object::toString)
          .toList();
    } catch (InvalidNameException e) {
      throw new IllegalArgumentException("a subject that is no name", e);
    }
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static List<String> alternatives(X509Certificate certificate, int kind) {
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      return all == null
          ? List.of()
          : all.stream()
              .filter(name -> Integer.valueOf(kind).equals(name.get(0)))
              .map(name -> String.valueOf(name.get(1)))
              .toList();
    } catch (CertificateParsingException e) {
      throw new IllegalArgumentException("a certificate with unreadable names", e);
    }
  }
}
