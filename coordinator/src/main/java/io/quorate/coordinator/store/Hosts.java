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

  record Host(
      HostName name, State state, Serials serials, Instant joined, Optional<Instant> revoked) {
    public Host withSerials(Serials other) {
      return new Host(name, state, other, joined, revoked);
    }

    public Host revokedAt(Instant at) {
      return new Host(name, State.REVOKED, serials, joined, Optional.of(at));
    }
  }

  /**
   * Of its certificates, in hex. The next one is issued but not yet seen in use, so a lost reply
   * does not strand the agent. Those left behind, the latest last, are remembered to find out a
   * copy of its key.
   */
  record Serials(String current, Optional<String> next, List<String> leftBehind) {
    private static final int REMEMBERED = 32;

    public Serials {
      leftBehind = List.copyOf(leftBehind);
    }

    public static Serials first(String serial) {
      return new Serials(serial, Optional.empty(), List.of());
    }

    public Serials withNext(String serial) {
      return new Serials(current, Optional.of(serial), leftBehind);
    }

    /** The given one is in use; the one before is left behind. */
    public Serials inUse(String serial) {
      List<String> left = new java.util.ArrayList<>(leftBehind);
      left.add(current);
      return new Serials(
          serial,
          Optional.empty(),
          left.subList(Math.max(0, left.size() - REMEMBERED), left.size()));
    }
  }

  /** Known by its digest alone. A host name binds it. */
  record Token(
      String sha256, Optional<HostName> host, Instant created, Instant expires, String by) {}
}
