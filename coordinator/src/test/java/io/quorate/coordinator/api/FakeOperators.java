package io.quorate.coordinator.api;

import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.OperatorDesk;
import io.quorate.coordinator.api.v1.OperatorView;
import io.quorate.coordinator.pki.Role;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Two operators, one of them revoked. */
final class FakeOperators implements OperatorDesk {
  private final Told told;

  FakeOperators(Told told) {
    this.told = told;
  }

  @Override
  public List<OperatorView> all() {
    return told.answer(
        "operators", List.of(Samples.operator("ann", false), Samples.operator("bob", true)));
  }

  @Override
  public OperatorView.Credential add(
      String name, Role role, String csrPem, Optional<Duration> ttl, Caller by) {
    return told.answer(
        "operator " + name + " " + role.text(),
        new OperatorView.Credential(
            Samples.operator(name, false), "CERTIFICATE\n", "CA\n", "coordinator.example:7443"));
  }

  @Override
  public List<OperatorView> revoke(String name, Caller by) {
    return told.answer("revokeOperator " + name, List.of(Samples.operator(name, true)));
  }
}
