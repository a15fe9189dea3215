package io.quorate.coordinator.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostName;
import io.quorate.common.model.Operation;
import io.quorate.common.wire.BulkWire;
import io.quorate.common.wire.v1.UploadChunk;
import io.quorate.common.wire.v1.UploadStatusReply;
import io.quorate.coordinator.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Takes in what an operation made, for operations that were sent to the caller and make something.
 * The next piece is asked for when the last one is on disk, so memory stays flat whatever the
 * speed.
 */
final class UploadReceiver {
  private final Store store;
  private final UploadArea area;

  UploadReceiver(Store store, UploadArea area) {
    this.store = store;
    this.area = area;
  }

  UploadStatusReply status(HostName host, String operationId) {
    check(host, operationId);
    try {
      return reply(area.status(operationId));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void receive(HostName host, Call<UploadChunk, UploadStatusReply> call) {
    new Reception(host, call).begin();
  }

  private void check(HostName host, String operationId) {
    boolean makesUpload =
        store
            .operations()
            .find(operationId)
            .filter(sent -> sent.host().equals(host))
            .filter(sent -> sent.outcome().isEmpty()) // or it was fetched in another way meanwhile
            .map(sent -> sent.operation().task())
            .filter(
                task ->
                    task instanceof Operation.SaveSnapshot
                        || task instanceof Operation.SalvageData
                        || task instanceof Operation.ExportData)
            .isPresent();
    if (!makesUpload) {
      throw Problem.of(Code.Q1207, "no such operation makes an upload on this host").asException();
    }
  }

  private static UploadStatusReply reply(UploadArea.Status status) {
    return UploadStatusReply.newBuilder()
        .setReceived(status.received())
        .setComplete(status.sha256().isPresent())
        .setSha256(status.sha256().orElse(""))
        .build();
  }

  /** One stream of chunks, one chunk at a time. */
  private final class Reception {
    private final HostName host;
    private final Call<UploadChunk, UploadStatusReply> call;
    private Optional<String> operation = Optional.empty();

    Reception(HostName host, Call<UploadChunk, UploadStatusReply> call) {
      this.host = host;
      this.call = call;
    }

    void begin() {
      call.request().handler(this::take);
      call.request()
          .endHandler(
              end ->
                  call.fail(
                      Problem.of(Code.Q1306, "the upload ended without its last chunk")
                          .asException()));
      call.request().fetch(1);
    }

    private void take(UploadChunk chunk) {
      call.blocking(() -> store(chunk))
          .onSuccess(
              done -> {
                if (done.isPresent()) {
                  call.end(done.get());
                } else {
                  call.request().fetch(1);
                }
              })
          .onFailure(call::fail);
    }

    private Optional<UploadStatusReply> store(UploadChunk chunk) throws IOException {
      if (operation.isEmpty()) {
        check(host, chunk.getOperationId());
        operation = Optional.of(chunk.getOperationId());
      }
      String id = operation.get();
      area.append(id, chunk.getOffset(), BulkWire.bytes(chunk));
      return chunk.getLast()
          ? Optional.of(reply(area.finish(id, chunk.getSha256())))
          : Optional.empty();
    }
  }
}
