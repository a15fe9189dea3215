package io.quorate.coordinator.api.v1;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One certificate of an operator. */
public record OperatorView(
    String name,
    String role,
    String serial,
    Instant added,
    String by,
    Instant notAfter,
    Optional<Instant> revoked) {

  public record All(List<OperatorView> operators) {
    public All {
      operators = List.copyOf(operators);
    }
  }

  /** What makes a context: the key was made by the one who asked and never left him. */
  public record Credential(
      OperatorView operator, String certificatePem, String authorityPem, String address) {}
}
