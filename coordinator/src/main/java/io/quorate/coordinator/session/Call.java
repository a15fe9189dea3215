package io.quorate.coordinator.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import io.quorate.common.wire.GrpcProblems;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import java.security.cert.X509Certificate;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * One call of an agent: who calls, and how it is answered. Work that may block is done off the
 * event loop; a caller who has gone is not answered.
 */
final class Call<Q, R> {
  private final Vertx vertx;
  private final GrpcServerRequest<Q, R> request;
  private boolean over;

  Call(Vertx vertx, GrpcServerRequest<Q, R> request) {
    this.vertx = vertx;
    this.request = request;
    request.errorHandler(error -> over = true);
    request.exceptionHandler(failure -> over = true);
    request.response().exceptionHandler(failure -> over = true);
  }

  /** Who calls: an agent whose certificate is good now. */
  record Caller(HostName host, String address, X509Certificate certificate) {}

  GrpcServerRequest<Q, R> request() {
    return request;
  }

  /** Whether nobody waits for an answer any more. */
  boolean over() {
    return over;
  }

  void markOver() {
    over = true;
  }

  <T> Future<T> blocking(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }

  /** Answers the one message of the caller with one. */
  void unary(Function<Q, R> work) {
    request
        .last()
        .recover(
            failure ->
                Future.failedFuture(
                    Problem.of(Code.Q1306, "the request cannot be read").asException()))
        .compose(message -> blocking(() -> work.apply(message)))
        .onSuccess(this::end)
        .onFailure(this::fail);
    request.resume();
  }

  void end(R reply) {
    if (!over) {
      over = true;
      request.response().end(reply);
    }
  }

  void fail(Throwable failure) {
    if (!over) {
      over = true;
      request.resume();
      GrpcProblems.fail(request.response(), failure);
    }
  }

  void refuse(GrpcStatus status, Problem problem) {
    if (!over) {
      over = true;
      request.resume();
      GrpcProblems.refuse(request.response(), status, problem);
    }
  }
}
