package io.quorate.coordinator.plan.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.common.error.Code;
import io.quorate.common.model.HostReport;
import io.quorate.coordinator.plan.ClusterView;
import io.quorate.coordinator.plan.ClusterView.Placement;
import io.quorate.coordinator.plan.Gate;
import io.quorate.coordinator.plan.Hold;
import io.quorate.coordinator.plan.Scenes;
import io.quorate.coordinator.plan.Step;
import io.quorate.coordinator.spec.ClusterSpec;
import java.util.List;
import java.util.Optional;

/** What a gate says of a step. */
final class Held {
  private Held() {}

  static void assertHeld(Code code, Gate gate, Step step, ClusterSpec wanted, ClusterView view) {
    assertEquals(
        Optional.of(code), gate.hold(step, Scenes.situation(wanted, view)).map(Hold::code));
  }

  static void assertOpen(Gate gate, Step step, ClusterSpec wanted, ClusterView view) {
    assertEquals(Optional.empty(), gate.hold(step, Scenes.situation(wanted, view)));
  }

  /** A host that reports this of its service and its certificates. */
  static Placement reported(
      Placement p,
      HostReport.Member r,
      HostReport.Unit unit,
      List<HostReport.Certificate> certificates) {
    return new Placement(
        p.member(),
        p.host(),
        p.issued(),
        p.seenGeneration(),
        Optional.of(
            new HostReport.Member(
                r.id(),
                r.converged(),
                r.data(),
                unit,
                r.ready(),
                r.problems(),
                certificates,
                r.drifts(),
                r.activity())));
  }
}
