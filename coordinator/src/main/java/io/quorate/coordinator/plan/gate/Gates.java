package io.quorate.coordinator.plan.gate;

import io.quorate.coordinator.plan.Gate;
import java.util.List;

/** Every gate; all of them are asked, so that a wait names all its reasons. */
public final class Gates {
  public static final List<Gate> ALL =
      List.of(
          new FreshnessGate(),
          new ConnectedGate(),
          new LoginGate(),
          new OperationGate(),
          new QuorumGate(),
          new OutstandingGate(),
          new HealthGate(),
          new AgreementGate(),
          new AlarmGate(),
          new SyncGate(),
          new RunningGate(),
          new SoakGate(),
          new DiskGate(),
          new PackingGate(),
          new CertificateGate());

  private Gates() {}
}
