package io.quorate.coordinator.etcd.live;

import io.quorate.coordinator.etcd.Databases;
import io.quorate.coordinator.etcd.rpc.SnapshotResponse;
import io.vertx.core.Future;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What comes in on an event loop, for one thread that may block. A few pieces are asked for ahead,
 * and another one for each that was taken, so that what is not taken yet waits in etcd.
 */
final class Pieces {
  private static final int AHEAD = 64;

  private final Duration silence;
  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

  Pieces(Duration silence) {
    this.silence = silence;
  }

  private sealed interface Arrival {
    record Piece(SnapshotResponse message, GrpcClientResponse<?, ?> from) implements Arrival {}

    record Broken(String why) implements Arrival {}

    record End() implements Arrival {}
  }

  /** To be called where the response arrives, before anything of it can. */
  <Q> void from(GrpcClientResponse<Q, SnapshotResponse> response) {
    response.pause();
    response.handler(message -> arrivals.add(new Arrival.Piece(message, response)));
    response.errorHandler(error -> broken("not what etcd speaks: " + error));
    response.exceptionHandler(failure -> broken(String.valueOf(failure.getMessage())));
    response.endHandler(
        end -> {
          GrpcStatus status = response.status();
          if (status == GrpcStatus.OK) {
            arrivals.add(new Arrival.End());
          } else {
            broken(status + " " + MemberConnection.message(response));
          }
        });
    response.fetch(AHEAD);
  }

  void follow(Future<?> call) {
    call.onFailure(failure -> broken(String.valueOf(failure.getMessage())));
  }

  private void broken(String why) {
    arrivals.add(new Arrival.Broken(why));
  }

  void drain(Databases.Sink sink) throws IOException {
    while (true) {
      switch (next()) {
        case Arrival.Piece(SnapshotResponse message, GrpcClientResponse<?, ?> from) -> {
          sink.take(message.getBlob().toByteArray());
          from.fetch(1);
        }
        case Arrival.Broken(String why) -> throw new IOException("the stream broke off: " + why);
        case Arrival.End end -> {
          return;
        }
      }
    }
  }

  private Arrival next() throws IOException {
    try {
      Arrival next = arrivals.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
      if (next == null) {
        throw new IOException("nothing came for %d s".formatted(silence.toSeconds()));
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
