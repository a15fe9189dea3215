package io.quorate.agent.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.HostName;
import io.quorate.common.pki.CertificateRequest;
import io.quorate.common.pki.Credentials;
import io.quorate.common.pki.Pin;
import io.quorate.common.tls.PinnedTrust;
import io.quorate.common.wire.IdentityWire;
import io.quorate.common.wire.Protocol;
import io.quorate.common.wire.v1.AgentServiceGrpcClient;
import io.quorate.common.wire.v1.JoinReply;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How this host becomes one of the coordinator's.
 *
 * <ol>
 *   <li>A key is made here, durably; it never leaves.
 *   <li>A connection is made and the pin looked for in the chain that the server presents. Without
 *       it the connection ends before anything is said; the token travels on that very connection.
 *   <li>The reply must certify our key, and its authorities must hold the pinned one.
 *   <li>The identity becomes durable in one write. Whatever is lost before that, joining again with
 *       the same token leads to the same identity for ten minutes.
 * </ol>
 */
public final class Joining {
  private final Vertx vertx;
  private final IdentityFiles files;
  private final InstantSource clock;
  private final String version;

  public Joining(Vertx vertx, IdentityFiles files, InstantSource clock, String version) {
    this.vertx = vertx;
    this.files = files;
    this.clock = clock;
    this.version = version;
  }

  /** What the line says that the operator was given. */
  public record Invitation(
      List<Endpoint> coordinators, Pin pin, String token, Optional<HostName> host) {
    public Invitation {
      coordinators = List.copyOf(coordinators);
    }

    @Override
    public String toString() {
      return "an invitation from " + coordinators;
    }
  }

  /** Blocks. A coordinator that cannot be reached is passed over; one that refuses has spoken. */
  public Identity join(Invitation invitation) {
    Optional<Identity> already = files.load();
    if (already.isPresent()) {
      throw Problem.of(Code.Q1213, "this host has already joined, as " + already.get().host())
          .withRemedy("to join anew: move the agent's identity directory aside")
          .asException();
    }
    QuorateException last =
        Problem.of(Code.Q1301, "no coordinator is named")
            .withRemedy("quorate-agent join --coordinator HOST:PORT --pin … --token …")
            .asException();
    for (Endpoint endpoint : invitation.coordinators()) {
      try {
        return join(endpoint, invitation);
      } catch (QuorateException failure) {
        if (failure.problem().code() != Code.Q1401) {
          throw failure;
        }
        last = failure;
      }
    }
    throw last;
  }

  private Identity join(Endpoint endpoint, Invitation invitation) {
    KeyPair keys = files.pendingKey();
    IdentityWire.Application application =
        new IdentityWire.Application(
            invitation.token(),
            invitation.host().map(HostName::value).orElse(""),
            CertificateRequest.make(keys),
            version,
            Protocol.highest(),
            clock.instant());
    try (CoordinatorClient client =
        new CoordinatorClient(vertx, Optional.empty(), PinnedTrust.of(invitation.pin(), clock))) {
      JoinReply reply =
          Waiting.on(
              client.unary(endpoint, AgentServiceGrpcClient.Join, IdentityWire.toWire(application)),
              CoordinatorClient.TIMEOUT.plus(Duration.ofSeconds(15)));
      Identity identity =
          identity(keys, () -> IdentityWire.fromWire(reply), Optional.of(invitation.pin()));
      files.saveCoordinators(invitation.coordinators());
      files.save(identity);
      return identity;
    } catch (IOException e) {
      throw CoordinatorClient.explained(endpoint, e);
    }
  }

  /** What a reply makes of us, when it makes sense. */
  static Identity identity(
      KeyPair keys, Supplier<IdentityWire.Certified> reply, Optional<Pin> pin) {
    try {
      X509Certificate certificate = reply.get().certificate();
      List<X509Certificate> trusted = reply.get().authorities();
      if (!certificate.getPublicKey().equals(keys.getPublic()) || trusted.isEmpty()) {
        throw new IllegalArgumentException("it is for another key");
      }
      if (pin.isPresent() && trusted.stream().noneMatch(pin.get()::matches)) {
        throw new IllegalArgumentException("the pinned authority is not among its authorities");
      }
      return new Identity(new Credentials(keys.getPrivate(), List.of(certificate)), trusted);
    } catch (IllegalArgumentException e) {
      throw new QuorateException(
          Problem.of(Code.Q1205, "the coordinator's reply is not usable: " + e.getMessage()), e);
    }
  }
}
