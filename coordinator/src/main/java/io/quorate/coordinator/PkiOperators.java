package io.quorate.coordinator;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.pki.CertificateRequest;
import io.quorate.common.pki.Certificates;
import io.quorate.common.pki.Pem;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.OperatorDesk;
import io.quorate.coordinator.api.v1.OperatorView;
import io.quorate.coordinator.pki.Authorities;
import io.quorate.coordinator.pki.Role;
import io.quorate.coordinator.store.Operators;
import io.quorate.coordinator.store.Store;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Operators, certified by the operators' authority and remembered so that they can be revoked. */
final class PkiOperators implements OperatorDesk {
  private static final Duration DEFAULT_TTL = Duration.ofDays(365);

  private final Store store;
  private final Authorities authorities;
  private final Supplier<String> address;
  private final InstantSource clock;

  PkiOperators(
      Store store, Authorities authorities, Supplier<String> address, InstantSource clock) {
    this.store = store;
    this.authorities = authorities;
    this.address = address;
    this.clock = clock;
  }

  @Override
  public List<OperatorView> all() {
    return store.operators().list().stream().map(PkiOperators::view).toList();
  }

  @Override
  public OperatorView.Credential add(
      String name, Role role, String csrPem, Optional<Duration> ttl, Caller by) {
    X509Certificate certificate =
        authorities.operator(
            name, role, CertificateRequest.verifiedKeyFromPem(csrPem), ttl.orElse(DEFAULT_TTL));
    Operators.Operator operator =
        remember(store, certificate, name, role, by.name(), clock.instant());
    return new OperatorView.Credential(
        view(operator),
        Pem.encode(certificate),
        Pem.encode(authorities.coordinatorAuthorities()),
        address.get());
  }

  static Operators.Operator remember(
      Store store, X509Certificate certificate, String name, Role role, String by, Instant at) {
    Operators.Operator operator =
        new Operators.Operator(
            Certificates.serial(certificate),
            name,
            role.text(),
            at,
            by,
            certificate.getNotAfter().toInstant(),
            Optional.empty());
    store.operators().save(operator);
    return operator;
  }

  @Override
  public List<OperatorView> revoke(String name, Caller by) {
    if (name.equals(by.name())) {
      throw Problem.of(Code.Q1306, "nobody revokes himself")
          .withState("nothing was changed")
          .withRemedy("ask another admin")
          .asException();
    }
    List<Operators.Operator> found =
        store.operators().list().stream().filter(o -> o.name().equals(name)).toList();
    if (found.isEmpty()) {
      throw Problem.of(Code.Q1314, "there is no operator " + name)
          .withState("nothing was changed")
          .withRemedy("quorate operator list")
          .asException();
    }
    Instant now = clock.instant();
    found.stream()
        .filter(o -> o.revoked().isEmpty())
        .forEach(o -> store.operators().save(o.revokedAt(now)));
    return all().stream().filter(o -> o.name().equals(name)).toList();
  }

  private static OperatorView view(Operators.Operator operator) {
    return new OperatorView(
        operator.name(),
        operator.role(),
        operator.serial(),
        operator.added(),
        operator.by(),
        operator.notAfter(),
        operator.revoked());
  }
}
