package io.quorate.coordinator.pki;

import io.quorate.common.model.HostName;

/** Who holds a client certificate, by which authority signed it and what that wrote into it. */
public sealed interface Holder {
  /** In hex. */
  String serial();

  record Agent(HostName host, String serial) implements Holder {}

  record Operator(String name, Role role, String serial) implements Holder {}
}
