package io.quorate.agent.session;

import io.quorate.agent.operate.Uploads;
import io.quorate.common.wire.BulkWire;
import io.quorate.common.wire.Protocol;
import io.quorate.common.wire.v1.AgentServiceGrpcClient;
import io.quorate.common.wire.v1.UploadChunk;
import io.quorate.common.wire.v1.UploadStatusReply;
import io.quorate.common.wire.v1.UploadStatusRequest;
import io.vertx.core.Future;
import io.vertx.grpc.client.GrpcClientRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Uploads to the coordinator: asks how much has arrived, sends the rest a piece at a time, and
 * counts as done only what the coordinator has read back and found right.
 */
public final class RemoteUploads implements Uploads {
  private static final Duration STALLED = Duration.ofSeconds(60);

  /** The coordinator reads the whole back before it answers. */
  private static final Duration VERIFIED = Duration.ofMinutes(10);

  private final Coordinators coordinators;

  public RemoteUploads(Coordinators coordinators) {
    this.coordinators = coordinators;
  }

  @Override
  public void upload(String operationId, Content content) throws IOException {
    Coordinators.Route route = coordinators.route();
    UploadStatusReply status =
        Waiting.on(
            route
                .client()
                .unary(
                    route.endpoint(),
                    AgentServiceGrpcClient.UploadStatus,
                    UploadStatusRequest.newBuilder().setOperationId(operationId).build()),
            VERIFIED);
    if (status.getComplete()) {
      confirm(status, content);
      return;
    }
    GrpcClientRequest<UploadChunk, UploadStatusReply> request =
        Waiting.on(
            route.client().openBulk(route.endpoint(), AgentServiceGrpcClient.Upload),
            CoordinatorClient.TIMEOUT.multipliedBy(2));
    Future<UploadStatusReply> reply = request.response().compose(CoordinatorClient::last);
    try {
      send(operationId, content, status.getReceived(), request, reply);
      confirm(Waiting.on(reply, VERIFIED), content);
    } catch (IOException | RuntimeException e) {
      request.cancel();
      throw e;
    }
  }

  private static void send(
      String operationId,
      Content content,
      long from,
      GrpcClientRequest<UploadChunk, UploadStatusReply> request,
      Future<UploadStatusReply> reply)
      throws IOException {
    try (InputStream bytes = content.open(from)) {
      long offset = from;
      while (true) {
        byte[] piece = bytes.readNBytes(Protocol.CHUNK);
        boolean last = offset + piece.length >= content.size();
        UploadChunk chunk = BulkWire.upload(operationId, offset, piece);
        if (reply.failed()) {
          Waiting.on(reply, STALLED); // refused while we were still talking
        }
        offset += piece.length;
        if (last) {
          request.end(BulkWire.last(chunk, content.sha256()));
          return;
        }
        if (piece.length == 0) {
          throw new IOException("the file became shorter while it was sent");
        }
        Waiting.on(request.write(chunk), STALLED);
      }
    }
  }

  private static void confirm(UploadStatusReply status, Content content) throws IOException {
    if (!status.getComplete() || !status.getSha256().equals(content.sha256())) {
      throw new IOException("the coordinator has something else under this operation");
    }
  }
}
