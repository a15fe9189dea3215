package io.quorate.coordinator.api.route;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the body of a paused request, into memory or a file, never more than a limit. Started on
 * the request's event loop; the future is for a virtual thread to wait on.
 */
final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private final HttpServerRequest request;
  private final long limit;
  private long received;

  Intake(HttpServerRequest request, long limit) {
    this.request = request;
    this.limit = limit;
  }

  CompletableFuture<Buffer> intoMemory(Context context) {
    CompletableFuture<Buffer> done = new CompletableFuture<>();
    Buffer all = Buffer.buffer();
    context.runOnContext(
        go -> {
          receive(done, chunk -> all.appendBuffer(chunk), () -> done.complete(all));
          request.resume();
        });
    return done;
  }

  CompletableFuture<Path> intoFile(Context context, Vertx vertx, Path file) {
    CompletableFuture<Path> done = new CompletableFuture<>();
    OpenOptions options =
        new OpenOptions().setRead(false).setWrite(true).setCreateNew(true).setPerms("rw-------");
    context.runOnContext(
        go ->
            vertx
                .fileSystem()
                .open(file.toString(), options)
                .onSuccess(open -> intoFile(open, file, done))
                .onFailure(done::completeExceptionally));
    return done;
  }

  private void intoFile(AsyncFile open, Path file, CompletableFuture<Path> done) {
    open.exceptionHandler(done::completeExceptionally);
    receive(
        done,
        chunk -> {
          open.write(chunk).onFailure(done::completeExceptionally);
          if (open.writeQueueFull()) {
            request.pause();
            open.drainHandler(drained -> request.resume());
          }
        },
        () ->
            open.close()
                .onSuccess(closed -> done.complete(file))
                .onFailure(done::completeExceptionally));
    CompletableFuture<Path> unused =
        done.whenComplete(
            (path, failure) -> {
              if (failure != null) {
                open.close()
                    .onFailure(again -> LOG.debug("an upload's file cannot be closed", again));
              }
            });
    request.resume();
  }

  private <T> void receive(CompletableFuture<T> done, Consumer<Buffer> chunks, Runnable end) {
    request.exceptionHandler(done::completeExceptionally);
    request.handler(
        chunk -> {
          received += chunk.length();
          if (received > limit) {
            done.completeExceptionally(
                new Refusal(
                    413,
                    Problem.of(Code.Q1306, "the body is larger than %d bytes".formatted(limit))));
          } else if (!done.isDone()) {
            chunks.accept(chunk);
          }
        });
    request.endHandler(ended -> end.run());
  }
}
