package io.quorate.coordinator.api.control;

import io.quorate.coordinator.pki.Role;

/** Who asks, as his certificate tells. */
public record Caller(String name, Role role) {
  public boolean may(Role least) {
    return role.compareTo(least) >= 0;
  }
}
