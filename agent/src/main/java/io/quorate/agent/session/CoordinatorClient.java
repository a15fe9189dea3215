package io.quorate.agent.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.pki.Credentials;
import io.quorate.common.tls.PinnedTrust;
import io.quorate.common.tls.TlsOptions;
import io.quorate.common.wire.GrpcProblems;
import io.quorate.common.wire.Protocol;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Calls to coordinators under one identity. Bulk transfers have a connection of their own: one that
 * is held back by a slow disk must not hold back the session.
 */
final class CoordinatorClient implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  /**
   * How much may be on its way of a bulk transfer. HTTP/2's own 64 KiB make a round trip of every
   * piece, which is most of the time of a download between machines that are far apart or busy.
   */
  private static final int WINDOW = 1 << 20;

  private final GrpcClient control;
  private final GrpcClient bulk;

  CoordinatorClient(Vertx vertx, Optional<Credentials> own, TrustOptions trust) {
    this.control = client(vertx, TlsOptions.client(own, trust));
    HttpClientOptions wide = TlsOptions.client(own, trust);
    wide.setHttp2ConnectionWindowSize(2 * WINDOW);
    wide.getInitialSettings().setInitialWindowSize(WINDOW);
    this.bulk = client(vertx, wide);
  }

  private static GrpcClient client(Vertx vertx, HttpClientOptions options) {
    options.setTcpKeepAlive(true);
    return GrpcClient.client(
        vertx, new GrpcClientOptions().setMaxMessageSize(Protocol.LARGEST_MESSAGE), options);
  }

  /** A call that stays open. */
  <Q, R> Future<GrpcClientRequest<Q, R>> open(Endpoint endpoint, ServiceMethod<R, Q> method) {
    return request(control, endpoint, method);
  }

  /** A call that moves much. */
  <Q, R> Future<GrpcClientRequest<Q, R>> openBulk(Endpoint endpoint, ServiceMethod<R, Q> method) {
    return request(bulk, endpoint, method);
  }

  <Q, R> Future<R> unary(Endpoint endpoint, ServiceMethod<R, Q> method, Q message) {
    return this.<Q, R>open(endpoint, method)
        .compose(
            request -> {
              request.timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
              return request.send(message);
            })
        .compose(CoordinatorClient::last)
        .recover(failure -> Future.failedFuture(explained(endpoint, failure)));
  }

  private static <Q, R> Future<GrpcClientRequest<Q, R>> request(
      GrpcClient client, Endpoint endpoint, ServiceMethod<R, Q> method) {
    return client.request(
        SocketAddress.inetSocketAddress(endpoint.port(), endpoint.host()), method);
  }

  /** The one message of a reply, or the refusal. */
  static <Q, R> Future<R> last(GrpcClientResponse<Q, R> response) {
    return response
        .last()
        .recover(
            failure ->
                Future.failedFuture(
                    response.status() == GrpcStatus.OK
                        ? failure
                        : GrpcProblems.read(response).asException()));
  }

  /** What a failed call means, in words. */
  static QuorateException explained(Endpoint endpoint, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof QuorateException refusal) {
        return refusal;
      }
      if (cause instanceof PinnedTrust.WrongPinException) {
        return new QuorateException(
            Problem.of(
                    Code.Q1205,
                    "the authority of %s is not the pinned one; the token was not sent"
                        .formatted(endpoint))
                .withRemedy("compare the pin with: quorate host token --host NAME"),
            failure);
      }
      if (cause instanceof PinnedTrust.WrongTimeException) {
        return new QuorateException(
            Problem.of(Code.Q1209, String.valueOf(cause.getMessage()))
                .withRemedy("synchronise both clocks: timedatectl"),
            failure);
      }
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String detail = root.getMessage();
    return new QuorateException(
        Problem.of(
                Code.Q1401,
                "no coordinator at %s: %s"
                    .formatted(endpoint, detail == null ? root.getClass().getSimpleName() : detail))
            .withRemedy("does it run there, and may this host reach it?"),
        failure);
  }

  @Override
  public void close() {
    control.close();
    bulk.close();
  }
}
