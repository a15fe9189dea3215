package io.quorate.coordinator;

import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.Identities;
import io.quorate.coordinator.pki.Authorities;
import io.quorate.coordinator.pki.Holder;
import io.quorate.coordinator.store.Operators;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Operators by the certificate that the operators' authority signed and nobody has revoked; nobody
 * else's counts.
 */
final class OperatorIdentities implements Identities {
  private final Authorities authorities;
  private final Operators operators;

  OperatorIdentities(Authorities authorities, Operators operators) {
    this.authorities = authorities;
    this.operators = operators;
  }

  @Override
  public Optional<Caller> operator(List<X509Certificate> chain) {
    return chain.isEmpty()
        ? Optional.empty()
        : authorities
            .holder(chain.getFirst())
            .filter(h -> h instanceof Holder.Operator)
            .filter(this::welcome)
            .map(h -> caller((Holder.Operator) h));
  }

  private boolean welcome(Holder holder) {
    return operators.find(holder.serial()).flatMap(Operators.Operator::revoked).isEmpty();
  }

  private static Caller caller(Holder.Operator operator) {
    return new Caller(operator.name(), operator.role());
  }
}
