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
import java.time.Instant;
import java.time.InstantSource;

/**
 * Uploads to the coordinator: asks how much has arrived, sends the rest a piece at a time, and
 * counts as done only what the coordinator has found right. Where the link breaks, or the
 * coordinator goes away, it goes on from where it got to when they are back.
 */
public final class RemoteUploads implements Uploads {
  private static final Duration STALLED = Duration.ofSeconds(60);

  /** The coordinator reads the whole back before it answers. */
  private static final Duration VERIFIED = Duration.ofMinutes(10);

  /** How long an upload that has broken off is tried again without getting any further. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Coordinators coordinators;
  private final InstantSource clock;

  public RemoteUploads(Coordinators coordinators, InstantSource clock) {
    this.coordinators = coordinators;
    this.clock = clock;
  }

  @Override
  public void upload(String operationId, Content content) throws IOException {
    Instant giveUp = clock.instant().plus(PATIENCE);
    long arrived = -1;
    while (true) {
      try {
        attempt(operationId, content);
        return;
      } catch (IOException e) {
        long now = arrived(operationId);
        if (now > arrived) {
          arrived = now;
          giveUp = clock.instant().plus(PATIENCE);
        } else if (clock.instant().isAfter(giveUp)) {
          throw e;
        }
        Waiting.pause(PAUSE);
      }
    }
  }

  /** How much the coordinator has; -1 while it cannot be asked. */
  private long arrived(String operationId) {
    try {
      return status(coordinators.route(), operationId).getReceived();
    } catch (IOException e) {
      return -1; // it is away; the next attempt, or the end of patience, tells
    }
  }

  private static UploadStatusReply status(Coordinators.Route route, String operationId)
      throws IOException {
    return Waiting.on(
        route
            .client()
            .unary(
                route.endpoint(),
                AgentServiceGrpcClient.UploadStatus,
                UploadStatusRequest.newBuilder().setOperationId(operationId).build()),
        VERIFIED);
  }

  private void attempt(String operationId, Content content) throws IOException {
    Coordinators.Route route = coordinators.route();
    UploadStatusReply status = status(route, operationId);
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
