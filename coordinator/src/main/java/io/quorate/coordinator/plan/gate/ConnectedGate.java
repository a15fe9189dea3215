package io.quorate.coordinator.plan.gate;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostName;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Situation;
import io.quorate.coordinator.plan.Step;
import java.util.Optional;
import java.util.Set;

/**
 * Whoever is to do something must be listening. A recovery fences those that are away as well, and
 * a deletion retires them: they are told when they are back.
 */
final class ConnectedGate implements Gate {
  @Override
  public Optional<Hold> hold(Step step, Situation situation) {
    if (!situation.mustServe()
        && step instanceof Step.Configure c
        && (c.purpose() == Step.Purpose.STOP || c.purpose() == Step.Purpose.RETIRE)) {
      return Optional.empty();
    }
    return needed(step).stream()
        .filter(host -> !situation.connected(host))
        .findFirst()
        .map(
            host ->
                new Hold(
                    Code.Q3003,
                    "host %s is not connected".formatted(host),
                    "quorate host describe " + host));
  }

  private static Set<HostName> needed(Step step) {
    return switch (step) {
      case Step.Configure configure -> configure.due().keySet();
      case Step.SaveSnapshot save -> Set.of(save.host());
      case Step.ExportData export -> Set.of(export.host());
      default -> Set.of();
    };
  }
}
