package io.quorate.coordinator.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberConfig;
import io.quorate.common.model.Operation;
import io.quorate.common.model.Seed;
import io.quorate.common.wire.BulkWire;
import io.quorate.common.wire.Protocol;
import io.quorate.common.wire.v1.BlobChunk;
import io.quorate.common.wire.v1.FetchBlobRequest;
import io.quorate.coordinator.store.Operations;
import io.quorate.coordinator.store.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Sends releases and snapshots, a piece at a time and only as fast as the host takes them. A
 * release goes to any host; data only to a host whose documents or open operations name its digest.
 */
final class BlobDelivery {
  private final Store store;
  private final BlobFiles files;

  BlobDelivery(Store store, BlobFiles files) {
    this.store = store;
    this.files = files;
  }

  void deliver(Call.Caller caller, Call<FetchBlobRequest, BlobChunk> call) {
    call.request()
        .handler(
            wish ->
                call.blocking(() -> new Delivery(call, open(caller.host(), wish), wish.getOffset()))
                    .onSuccess(Delivery::next)
                    .onFailure(call::fail));
    call.request().resume();
  }

  private FileChannel open(HostName host, FetchBlobRequest wish) throws IOException {
    String sha256 = wish.getSha256();
    Optional<Path> file = Optional.empty();
    if (sha256.matches("[0-9a-f]{64}")) {
      file = files.release(sha256);
      if (file.isEmpty() && named(host, sha256)) {
        file = files.data(sha256);
      }
    }
    // One answer for what is not there and for what is not theirs: asking around teaches nothing.
    FileChannel channel =
        FileChannel.open(
            file.orElseThrow(
                () ->
                    Problem.of(Code.Q2015, "there is nothing for this host under that digest")
                        .asException()),
            StandardOpenOption.READ);
    if (wish.getOffset() < 0 || wish.getOffset() > channel.size()) {
      channel.close();
      throw Problem.of(Code.Q1306, "the offset is not within the file").asException();
    }
    return channel;
  }

  private boolean named(HostName host, String sha256) {
    return store.documents().current(host, 0).members().stream()
            .map(MemberConfig::data)
            .anyMatch(data -> digest(data.seed()).equals(Optional.of(sha256)))
        || store.operations().open(host).stream()
            .map(Operations.Sent::operation)
            .anyMatch(
                operation ->
                    operation.task() instanceof Operation.DrillSnapshot drill
                        && drill.sha256().equals(sha256));
  }

  private static Optional<String> digest(Seed seed) {
    return switch (seed) {
      case Seed.Snapshot snapshot -> Optional.of(snapshot.sha256());
      case Seed.Copy copy -> Optional.of(copy.sha256());
      case Seed.Empty empty -> Optional.empty();
      case Seed.Forced forced -> Optional.empty();
    };
  }

  /** One file on its way. Its steps follow each other on the call's context. */
  private static final class Delivery {
    private final Call<FetchBlobRequest, BlobChunk> call;
    private final FileChannel file;
    private final long total;
    private long offset;
    private long end;

    Delivery(Call<FetchBlobRequest, BlobChunk> call, FileChannel file, long offset)
        throws IOException {
      this.call = call;
      this.file = file;
      this.offset = offset;
      this.total = file.size();
    }

    void next() {
      if (call.over()) {
        close();
        return;
      }
      call.blocking(this::read).onSuccess(this::write).onFailure(this::fail);
    }

    private BlobChunk read() throws IOException {
      ByteBuffer bytes =
          ByteBuffer.allocate((int) Math.min(Protocol.CHUNK, Math.max(0, total - offset)));
      while (bytes.hasRemaining()) {
        if (file.read(bytes, offset + bytes.position()) < 0) {
          throw new IOException("the file became shorter while it was read");
        }
      }
      end = offset + bytes.position();
      return BulkWire.blob(offset, total, bytes.flip());
    }

    private void write(BlobChunk chunk) {
      offset = end;
      if (offset >= total) {
        close();
        call.end(chunk);
      } else if (call.over()) {
        close();
      } else {
        var response = call.request().response();
        response.write(chunk);
        if (response.writeQueueFull()) {
          response.drainHandler(room -> next());
        } else {
          next();
        }
      }
    }

    private void fail(Throwable failure) {
      close();
      call.fail(failure);
    }

    private void close() {
      try {
        file.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
