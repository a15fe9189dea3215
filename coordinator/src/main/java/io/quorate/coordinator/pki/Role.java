package io.quorate.coordinator.pki;

import java.util.Locale;
import java.util.Optional;

/** What an operator may do; each includes the ones before. It stands in O= of his certificate. */
public enum Role {
  VIEWER,
  OPERATOR,
  ADMIN;

  public static Optional<Role> parse(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
