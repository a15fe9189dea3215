package io.quorate.agent.session;

import io.quorate.common.pki.CertificateRequest;
import io.quorate.common.tls.TlsOptions;
import io.quorate.common.wire.IdentityWire;
import io.quorate.common.wire.v1.AgentServiceGrpcClient;
import io.quorate.common.wire.v1.RenewReply;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;

/**
 * The coordinators, and the identity under which they are called. Everything that goes to a
 * coordinator takes the {@link #route} anew, so that after a renewal nothing is said under the old
 * certificate any more.
 */
public final class Coordinators implements AutoCloseable {
  private final Vertx vertx;
  private final IdentityFiles files;
  private final List<Endpoint> endpoints;
  private Identity identity;
  private CoordinatorClient client;
  private int current;

  /** Those of the configuration, or else those that this host has joined through. */
  public Coordinators(
      Vertx vertx, IdentityFiles files, Identity identity, List<Endpoint> configured) {
    this.vertx = vertx;
    this.files = files;
    this.endpoints = configured.isEmpty() ? files.coordinators() : List.copyOf(configured);
    this.identity = identity;
    this.client = client(vertx, identity);
  }

  /** Under whom to call whom. */
  record Route(CoordinatorClient client, Endpoint endpoint) {}

  synchronized Route route() {
    return new Route(client, endpoints.get(current));
  }

  /** That one did not answer. */
  synchronized void next() {
    current = (current + 1) % endpoints.size();
  }

  public synchronized Identity identity() {
    return identity;
  }

  /** A new key and certificate in place of the present ones, durably. Blocks. */
  void renew() throws IOException {
    KeyPair keys = files.pendingKey();
    Route route = route();
    RenewReply reply =
        Waiting.on(
            route
                .client()
                .unary(
                    route.endpoint(),
                    AgentServiceGrpcClient.Renew,
                    IdentityWire.renewal(CertificateRequest.make(keys))),
            CoordinatorClient.TIMEOUT.multipliedBy(2));
    Identity renewed = Joining.identity(keys, () -> IdentityWire.fromWire(reply), Optional.empty());
    files.save(renewed);
    CoordinatorClient old;
    synchronized (this) {
      old = client;
      identity = renewed;
      client = client(vertx, renewed);
    }
    old.close();
  }

  private static CoordinatorClient client(Vertx vertx, Identity identity) {
    return new CoordinatorClient(
        vertx, Optional.of(identity.own()), TlsOptions.authorities(identity.authorities()));
  }

  @Override
  public synchronized void close() {
    client.close();
  }
}
