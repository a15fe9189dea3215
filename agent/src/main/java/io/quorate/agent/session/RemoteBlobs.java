package io.quorate.agent.session;

import io.quorate.agent.release.BlobSource;
import io.quorate.common.wire.BulkWire;
import io.quorate.common.wire.GrpcProblems;
import io.quorate.common.wire.v1.AgentServiceGrpcClient;
import io.quorate.common.wire.v1.BlobChunk;
import io.quorate.common.wire.v1.FetchBlobRequest;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Fetches blobs from the coordinator. At most {@link #AHEAD} pieces are here and not yet taken by
 * the sink; the next one is asked for when one is, so a slow disk slows the sender.
 */
public final class RemoteBlobs implements BlobSource {
  private static final int AHEAD = 4;
  private static final Duration STALLED = Duration.ofSeconds(60);

  private final Coordinators coordinators;

  public RemoteBlobs(Coordinators coordinators) {
    this.coordinators = coordinators;
  }

  private sealed interface Item {
    record Piece(BlobChunk chunk) implements Item {}

    record End() implements Item {}

    record Failed(Throwable cause) implements Item {}
  }

  @Override
  public void fetch(String sha256, long offset, Sink sink) throws IOException {
    Coordinators.Route route = coordinators.route();
    GrpcClientRequest<FetchBlobRequest, BlobChunk> request =
        Waiting.on(
            route.client().openBulk(route.endpoint(), AgentServiceGrpcClient.FetchBlob),
            CoordinatorClient.TIMEOUT.multipliedBy(2));
    BlockingQueue<Item> queue = new LinkedBlockingQueue<>();
    try {
      GrpcClientResponse<FetchBlobRequest, BlobChunk> response =
          Waiting.on(
              request
                  .send(FetchBlobRequest.newBuilder().setSha256(sha256).setOffset(offset).build())
                  .map(answer -> receive(answer, queue)),
              CoordinatorClient.TIMEOUT);
      take(queue, offset, sink, () -> response.fetch(1));
    } catch (IOException | RuntimeException e) {
      request.cancel();
      throw e;
    }
  }

  private static GrpcClientResponse<FetchBlobRequest, BlobChunk> receive(
      GrpcClientResponse<FetchBlobRequest, BlobChunk> response, BlockingQueue<Item> queue) {
    response.pause();
    response.handler(chunk -> queue.add(new Item.Piece(chunk)));
    response.errorHandler(
        error -> queue.add(new Item.Failed(new IOException("the transfer was cut off"))));
    response
        .end()
        .onSuccess(end -> queue.add(new Item.End()))
        .onFailure(failure -> queue.add(new Item.Failed(reason(response, failure))));
    response.fetch(AHEAD);
    return response;
  }

  private static Throwable reason(
      GrpcClientResponse<FetchBlobRequest, BlobChunk> response, Throwable failure) {
    return response.status() == null || response.status() == GrpcStatus.OK
        ? failure
        : GrpcProblems.read(response).asException();
  }

  private static void take(BlockingQueue<Item> queue, long offset, Sink sink, Runnable more)
      throws IOException {
    long at = offset;
    long total = -1;
    while (true) {
      switch (next(queue)) {
        case Item.Piece piece -> {
          BlobChunk chunk = piece.chunk();
          if (chunk.getOffset() != at) {
            throw new IOException("a piece is missing at byte " + at);
          }
          total = chunk.getTotal();
          byte[] bytes = BulkWire.bytes(chunk);
          at += bytes.length;
          sink.accept(bytes);
          more.run();
        }
        case Item.End end -> {
          if (at != total) {
            throw new IOException("the blob ended at byte %d of %d".formatted(at, total));
          }
          return;
        }
        case Item.Failed failed ->
            throw new IOException(failed.cause().getMessage(), failed.cause());
      }
    }
  }

  private static Item next(BlockingQueue<Item> queue) throws IOException {
    try {
      Item item = queue.poll(STALLED.toMillis(), TimeUnit.MILLISECONDS);
      if (item == null) {
        throw new IOException("nothing arrived for " + STALLED.toSeconds() + " s");
      }
      return item;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
