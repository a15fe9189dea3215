package io.quorate.coordinator.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Every certificate that an operator was given, and whether it still counts. */
public interface Operators {
  /** In the order of their making. */
  List<Operator> list();

  Optional<Operator> find(String serial);

  /** Adds or replaces, by the serial number. */
  void save(Operator operator);

  /** The serial is in hex. */
  record Operator(
      String serial,
      String name,
      String role,
      Instant added,
      String by,
      Instant notAfter,
      Optional<Instant> revoked) {
    public Operator revokedAt(Instant at) {
      return new Operator(serial, name, role, added, by, notAfter, Optional.of(at));
    }
  }
}
