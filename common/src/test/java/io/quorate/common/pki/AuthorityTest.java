package io.quorate.common.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuthorityTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private final Authority authority =
      Authority.create("agents", KeyAlgorithm.ECDSA_P256, Duration.ofDays(3650), NOW);

  @ParameterizedTest
  @EnumSource
  void certifiesEveryKindOfKey(KeyAlgorithm algorithm) {
    KeyPair keys = Keys.pairFromPem(Keys.toPem(Keys.generate(algorithm)));
    X509Certificate leaf =
        authority.issue(
            Leaf.of("node-1", Duration.ofDays(9), Leaf.Usage.CLIENT)
                .withNames(List.of("10.0.0.1", "fd00::1", "node-1.example"))
                .withUri("quorate://agent/node-1"),
            CertificateRequest.verifiedKeyFromPem(CertificateRequest.makePem(keys)),
            NOW);

    assertTrue(authority.signed(leaf));
    assertEquals(keys.getPublic(), leaf.getPublicKey());
    assertEquals(List.of("quorate://agent/node-1"), Certificates.uris(leaf));
    assertEquals(
        List.of("node-1.example", "10.0.0.1", "fd00:0:0:0:0:0:0:1"), Certificates.names(leaf));
    assertEquals(-1, leaf.getBasicConstraints());
    assertEquals(NOW.minusSeconds(60), leaf.getNotBefore().toInstant());
    assertEquals(NOW.plus(Duration.ofDays(9)), leaf.getNotAfter().toInstant());
  }

  @Test
  void neverOutlivesItself() {
    X509Certificate leaf =
        authority.issue(
            Leaf.of("x", Duration.ofDays(99_999)),
            Keys.generate(KeyAlgorithm.ECDSA_P256).getPublic(),
            NOW);
    assertEquals(authority.certificate().getNotAfter(), leaf.getNotAfter());
  }

  @Test
  void serialsAreLongAndRandom() {
    var key = Keys.generate(KeyAlgorithm.ECDSA_P256).getPublic();
    var one = authority.issue(Leaf.of("x", Duration.ofDays(1)), key, NOW).getSerialNumber();
    var other = authority.issue(Leaf.of("x", Duration.ofDays(1)), key, NOW).getSerialNumber();
    assertNotEquals(one, other);
    assertEquals(127, one.bitLength());
  }

  @Test
  void comesBackFromItsText() {
    Authority again = Authority.fromPem(authority.toPem());
    assertEquals(authority.certificate(), again.certificate());
    X509Certificate leaf =
        again.issue(
            Leaf.of("x", Duration.ofDays(1)),
            Keys.generate(KeyAlgorithm.ECDSA_P256).getPublic(),
            NOW);
    assertTrue(authority.signed(leaf));
    assertFalse(
        Authority.create("agents", KeyAlgorithm.ECDSA_P256, Duration.ofDays(1), NOW).signed(leaf));
  }

  /** The request asks to be an authority for another name; it gets what the inventory says. */
  @Test
  void theRequestsWishesAreIgnored() throws Exception {
    KeyPair keys = Keys.generate(KeyAlgorithm.ECDSA_P256);
    ExtensionsGenerator wishes = new ExtensionsGenerator();
    wishes.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    byte[] request =
        new JcaPKCS10CertificationRequestBuilder(
                new X500Name("CN=coordinator,O=admin"), keys.getPublic())
            .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wishes.generate())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
            .getEncoded();

    X509Certificate leaf =
        authority.issue(
            Leaf.of("node-1", Duration.ofDays(1), Leaf.Usage.CLIENT),
            CertificateRequest.fromDer(request).verifiedKey(),
            NOW);

    assertEquals(-1, leaf.getBasicConstraints());
    assertEquals("CN=node-1", leaf.getSubjectX500Principal().getName());
    assertEquals(List.of("1.3.6.1.5.5.7.3.2"), leaf.getExtendedKeyUsage());
  }

  @Test
  void weakKeysAndForgedRequestsAreRefused() throws Exception {
    KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
    weak.initialize(1024);
    assertRefused(CertificateRequest.make(weak.generateKeyPair()).toDer());

    byte[] forged = CertificateRequest.make(Keys.generate(KeyAlgorithm.ECDSA_P256)).toDer();
    forged[forged.length - 5] ^= 1;
    assertRefused(forged);
    assertRefused(new byte[0]);
    assertRefused("nonsense".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertRefused(new byte[20_000]);
  }

  /** Bytes from outside: any of them changed, cut or added is a refusal or the same key. */
  @Test
  void damagedRequestsNeverThrowAnythingElse() {
    byte[] good = CertificateRequest.make(Keys.generate(KeyAlgorithm.ECDSA_P256)).toDer();
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 0x55;
      assertRefused(bad);
      assertRefused(java.util.Arrays.copyOf(good, at));
    }
  }

  @Test
  void pinsAreExact() {
    Pin pin = Pin.of(authority.certificate());
    assertTrue(new Pin(pin.text()).matches(authority.certificate()));
    assertFalse(new Pin("sha256:" + "0".repeat(64)).matches(authority.certificate()));
    assertThrows(QuorateException.class, () -> new Pin("sha256:12"));
    assertThrows(QuorateException.class, () -> new Pin(pin.text() + "\n"));
  }

  @Test
  void theSubjectCannotBeInjectedInto() {
    X509Certificate leaf =
        authority.issue(
            Leaf.of("eve,O=admin", Duration.ofDays(1)).withOrganization("viewer"),
            Keys.generate(KeyAlgorithm.ECDSA_P256).getPublic(),
            NOW);
    assertEquals(List.of("viewer"), Certificates.subject(leaf, "O"));
    assertEquals(List.of("eve,O=admin"), Certificates.subject(leaf, "CN"));
  }

  private static void assertRefused(byte[] request) {
    QuorateException refused =
        assertThrows(
            QuorateException.class, () -> CertificateRequest.fromDer(request).verifiedKey());
    assertEquals(Code.Q1210, refused.problem().code());
  }
}
