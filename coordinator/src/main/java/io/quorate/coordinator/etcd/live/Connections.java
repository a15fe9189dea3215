package io.quorate.coordinator.etcd.live;

import io.quorate.coordinator.etcd.Access;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The connections in use, by client URL and TLS material. New material makes a new connection; what
 * a cluster's access no longer names is closed.
 */
final class Connections implements AutoCloseable {
  private final Vertx vertx;
  private final Map<Key, MemberConnection> open = new HashMap<>();
  private boolean closed;

  Connections(Vertx vertx) {
    this.vertx = vertx;
  }

  synchronized MemberConnection of(Access access, Access.Target target) {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    Key key = new Key(access.cluster().value(), target.clientUrl(), access.tls());
    return open.computeIfAbsent(
        key, k -> new MemberConnection(vertx, target.clientUrl(), access.tls()));
  }

  /** Closes this cluster's connections that are not to one of its targets with its material. */
  synchronized void keepOnly(Access access) {
    open.entrySet()
        .removeIf(
            entry -> {
              Key key = entry.getKey();
              boolean stale =
                  key.cluster.equals(access.cluster().value())
                      && !(key.tls.equals(access.tls())
                          && access.targets().stream()
                              .anyMatch(target -> target.clientUrl().equals(key.clientUrl)));
              if (stale) {
                entry.getValue().close();
              }
              return stale;
            });
  }

  @Override
  public synchronized void close() {
    closed = true;
    open.values().forEach(MemberConnection::close);
    open.clear();
  }

  private record Key(String cluster, String clientUrl, Optional<Access.Tls> tls) {}
}
