package io.quorate.coordinator.api.control;

/** Who asks, as his certificate tells. */
public record Caller(String name, Role role) {

  /** Each includes the ones before it. */
  public enum Role {
    /** Looks. */
    VIEWER,
    /** Changes clusters in ways that keep their data and quorum. */
    OPERATOR,
    /** Everything: identities, destruction, recovery. */
    ADMIN;

    public boolean includes(Role other) {
      return compareTo(other) >= 0;
    }
  }
}
