package io.quorate.coordinator.api.control;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Tells operators by their certificates. */
@FunctionalInterface
public interface Identities {
  /**
   * The chain is what TLS has verified against all trusted authorities, the client's own first.
   * Empty when it is not an operator's: an agent's, an expired or a revoked one.
   */
  Optional<Caller> operator(List<X509Certificate> chain);
}
