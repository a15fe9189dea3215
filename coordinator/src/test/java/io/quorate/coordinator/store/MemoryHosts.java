package io.quorate.coordinator.store;

import io.quorate.common.model.HostName;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

final class MemoryHosts implements Hosts {
  private final MemoryStore.Locked lock;
  private final SortedMap<HostName, Host> byName = new TreeMap<>();
  private final Map<String, Token> tokens = new HashMap<>();

  MemoryHosts(MemoryStore.Locked lock) {
    this.lock = lock;
  }

  @Override
  public List<Host> list() {
    return lock.call(() -> List.copyOf(byName.values()));
  }

  @Override
  public Optional<Host> find(HostName name) {
    return lock.call(() -> Optional.ofNullable(byName.get(name)));
  }

  @Override
  public void save(Host host) {
    lock.run(() -> byName.put(host.name(), host));
  }

  @Override
  public void addToken(Token token) {
    lock.run(
        () -> {
          if (tokens.putIfAbsent(token.sha256(), token) != null) {
            throw new IllegalStateException("a token of this digest is there already");
          }
        });
  }

  @Override
  public List<Token> tokens() {
    return lock.call(
        () ->
            tokens.values().stream()
                .sorted(Comparator.comparing(Token::created).thenComparing(Token::sha256))
                .toList());
  }

  @Override
  public Optional<Token> takeToken(String sha256) {
    return lock.call(() -> Optional.ofNullable(tokens.remove(sha256)));
  }

  @Override
  public void dropTokensExpiredBefore(Instant instant) {
    lock.run(() -> tokens.values().removeIf(token -> token.expires().isBefore(instant)));
  }
}
