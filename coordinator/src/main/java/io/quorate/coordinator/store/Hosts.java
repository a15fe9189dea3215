package io.quorate.coordinator.store;

import io.quorate.common.model.HostName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Hosts that have joined, and the tokens for those that have not. */
public interface Hosts {
  List<Host> list();

  Optional<Host> find(HostName name);

  /** Adds or replaces. */
  void save(Host host);

  void addToken(Token token);

  List<Token> tokens();

  /**
   * Takes a token for good: of any number of callers exactly one gets it. The token is returned
   * even when it has expired, so that the caller can say so; taking it ends it either way.
   */
  Optional<Token> takeToken(String sha256);

  void dropTokensExpiredBefore(Instant instant);

  enum State {
    JOINED,
    REVOKED
  }

  /**
   * Serials are those of its certificates in hex; the next one is issued but not yet seen in use,
   * so a lost reply does not strand the agent.
   */
  record Host(
      HostName name,
      State state,
      String currentSerial,
      Optional<String> nextSerial,
      Instant joined,
      Optional<Instant> revoked) {}

  /** Known by its digest alone. A host name binds it. */
  record Token(
      String sha256, Optional<HostName> host, Instant created, Instant expires, String by) {}
}
