package io.quorate.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quorate.common.error.Code;
import io.quorate.common.error.QuorateException;
import io.quorate.common.pki.CertificateRequest;
import io.quorate.common.pki.Certificates;
import io.quorate.common.pki.KeyAlgorithm;
import io.quorate.common.pki.Keys;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.v1.OperatorView;
import io.quorate.coordinator.pki.Authorities;
import io.quorate.coordinator.pki.Role;
import io.quorate.coordinator.store.MemoryStore;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of operators count from when they are given until they are revoked or end. */
class PkiOperatorsTest {
  private static final Caller ANN = new Caller("ann", Role.ADMIN);

  @TempDir private Path folder;
  private final MemoryStore store = new MemoryStore();
  private PkiOperators operators;
  private OperatorIdentities identities;

  @BeforeEach
  void open() {
    InstantSource clock = InstantSource.system();
    Authorities authorities = Authorities.open(folder, clock);
    operators = new PkiOperators(store, authorities, () -> "c:7443", clock);
    identities = new OperatorIdentities(authorities, store.operators());
  }

  @Test
  void isWhoAndWhatHeWasMade() {
    assertEquals(Optional.of(new Caller("bob", Role.VIEWER)), caller(added("bob", Role.VIEWER)));
  }

  @Test
  void revokedNoneOfHisCertificatesCountsAndOthersDo() {
    X509Certificate first = added("bob", Role.VIEWER);
    X509Certificate second = added("bob", Role.OPERATOR);
    X509Certificate other = added("cid", Role.OPERATOR);
    operators.revoke("bob", ANN);
    assertEquals(Optional.empty(), caller(first));
    assertEquals(Optional.empty(), caller(second));
    assertEquals(Optional.of(new Caller("cid", Role.OPERATOR)), caller(other));
    assertEquals(
        List.of("bob true", "bob true", "cid false"),
        operators.all().stream().map(o -> o.name() + " " + o.revoked().isPresent()).toList());
  }

  @Test
  void nobodyRevokesHimselfOrWhoIsNotThere() {
    added("ann", Role.ADMIN);
    assertEquals(Code.Q1306, refusal(() -> operators.revoke("ann", ANN)));
    assertEquals(Code.Q1314, refusal(() -> operators.revoke("nobody", ANN)));
  }

  private static Code refusal(Runnable work) {
    return assertThrows(QuorateException.class, work::run).problem().code();
  }

  private Optional<Caller> caller(X509Certificate certificate) {
    return identities.operator(List.of(certificate));
  }

  private X509Certificate added(String name, Role role) {
    OperatorView.Credential credential =
        operators.add(
            name,
            role,
            CertificateRequest.makePem(Keys.generate(KeyAlgorithm.ECDSA_P256)),
            Optional.of(Duration.ofDays(1)),
            ANN);
    return Certificates.fromPem(credential.certificatePem()).getFirst();
  }
}
