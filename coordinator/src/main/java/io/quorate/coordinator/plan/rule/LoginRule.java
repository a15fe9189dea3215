package io.quorate.coordinator.plan.rule;

import io.quorate.coordinator.plan.Decision;
import io.quorate.coordinator.plan.Rule;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.gate.LoginGate;
import java.util.Optional;

/**
 * An etcd that tells a stranger nothing looks like one without quorum. It is called what it is
 * before anybody thinks of mending it.
 */
final class LoginRule implements Rule {
  @Override
  public Optional<Decision> decide(Situation situation) {
    boolean silent = situation.seen().etcd().members().isEmpty();
    return situation.mustServe() && silent
        ? LoginGate.stranger(situation.seen().etcd()).flatMap(Rule::hold)
        : Optional.empty();
  }
}
