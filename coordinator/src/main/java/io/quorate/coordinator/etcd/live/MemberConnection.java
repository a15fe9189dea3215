package io.quorate.coordinator.etcd.live;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.Refusal;
import io.quorate.coordinator.etcd.rpc.AlarmRequest;
import io.quorate.coordinator.etcd.rpc.AlarmResponse;
import io.quorate.coordinator.etcd.rpc.AuthenticateRequest;
import io.quorate.coordinator.etcd.rpc.AuthenticateResponse;
import io.quorate.coordinator.etcd.rpc.DowngradeRequest;
import io.quorate.coordinator.etcd.rpc.DowngradeResponse;
import io.quorate.coordinator.etcd.rpc.HashKVRequest;
import io.quorate.coordinator.etcd.rpc.HashKVResponse;
import io.quorate.coordinator.etcd.rpc.MemberListRequest;
import io.quorate.coordinator.etcd.rpc.MemberListResponse;
import io.quorate.coordinator.etcd.rpc.RangeRequest;
import io.quorate.coordinator.etcd.rpc.RangeResponse;
import io.quorate.coordinator.etcd.rpc.SnapshotRequest;
import io.quorate.coordinator.etcd.rpc.SnapshotResponse;
import io.quorate.coordinator.etcd.rpc.StatusRequest;
import io.quorate.coordinator.etcd.rpc.StatusResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One member's client port, for what the etcd client library cannot ask. Every call blocks its
 * (virtual) thread until the deadline that it is given. A connection on which nothing was read for
 * some seconds is dropped, so that one that lost its other end without a word is not waited on.
 */
final class MemberConnection implements AutoCloseable {
  private static final int SILENT_SECONDS = 5;
  private static final int BULK_WINDOW = 2 << 20;
  private static final ServiceMethod<StatusResponse, StatusRequest> STATUS =
      method("Maintenance", "Status", StatusResponse.getDefaultInstance());
  private static final ServiceMethod<SnapshotResponse, SnapshotRequest> SNAPSHOT =
      method("Maintenance", "Snapshot", SnapshotResponse.getDefaultInstance());
  private static final ServiceMethod<HashKVResponse, HashKVRequest> HASH =
      method("Maintenance", "HashKV", HashKVResponse.getDefaultInstance());
  private static final ServiceMethod<AlarmResponse, AlarmRequest> ALARM =
      method("Maintenance", "Alarm", AlarmResponse.getDefaultInstance());
  private static final ServiceMethod<DowngradeResponse, DowngradeRequest> DOWNGRADE =
      method("Maintenance", "Downgrade", DowngradeResponse.getDefaultInstance());
  private static final ServiceMethod<MemberListResponse, MemberListRequest> MEMBER_LIST =
      method("Cluster", "MemberList", MemberListResponse.getDefaultInstance());
  private static final ServiceMethod<AuthenticateResponse, AuthenticateRequest> AUTHENTICATE =
      method("Auth", "Authenticate", AuthenticateResponse.getDefaultInstance());
  private static final ServiceMethod<RangeResponse, RangeRequest> RANGE =
      method("KV", "Range", RangeResponse.getDefaultInstance());

  /** The key that etcd's own health check reads; it need not exist. */
  private static final ByteString HEALTH = ByteString.copyFromUtf8("health");

  private static final String NOBODY = "quorate-asks-whether-authentication-is-enabled";

  private final SocketAddress address;
  private final GrpcClient grpc;
  private final HttpClient http;

  MemberConnection(Vertx vertx, String clientUrl, Optional<Access.Tls> tls) {
    this(vertx, clientUrl, tls, options().setReadIdleTimeout(SILENT_SECONDS));
  }

  /** With wide windows, and silent for as long as it takes. */
  static MemberConnection forBulk(Vertx vertx, String clientUrl, Optional<Access.Tls> tls) {
    HttpClientOptions options = options().setHttp2ConnectionWindowSize(BULK_WINDOW);
    options.getInitialSettings().setInitialWindowSize(BULK_WINDOW);
    return new MemberConnection(vertx, clientUrl, tls, options);
  }

  private MemberConnection(
      Vertx vertx, String clientUrl, Optional<Access.Tls> tls, HttpClientOptions options) {
    URI url = URI.create(clientUrl);
    address = SocketAddress.inetSocketAddress(url.getPort(), TlsOptions.host(url));
    tls.ifPresent(material -> TlsOptions.apply(material, options));
    grpc =
        GrpcClient.client(
            vertx,
            new HttpClientOptions(options)
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setUseAlpn(tls.isPresent()));
    http =
        vertx.createHttpClient(
            new HttpClientOptions(options).setProtocolVersion(HttpVersion.HTTP_1_1));
  }

  private static HttpClientOptions options() {
    return new HttpClientOptions().setConnectTimeout((int) Duration.ofSeconds(2).toMillis());
  }

  StatusResponse status(Deadline deadline) throws CallFailed {
    return call(STATUS, StatusRequest.getDefaultInstance(), deadline);
  }

  /**
   * Linearizable: it succeeds only while this member reaches a leader that has a quorum. Whether we
   * may read is looked at only after that, so to be refused is an answer, too.
   */
  void read(Deadline deadline) throws CallFailed {
    boolean unused = mayRead(deadline);
  }

  /** Whether that read was for us to make: a stranger is told nothing. */
  boolean mayRead(Deadline deadline) throws CallFailed {
    try {
      call(RANGE, RangeRequest.newBuilder().setKey(HEALTH).setKeysOnly(true).build(), deadline);
      return true;
    } catch (CallFailed e) {
      if (Refusal.of(String.valueOf(e.getMessage())) != Refusal.NOT_PERMITTED) {
        throw e;
      }
      return false;
    }
  }

  /**
   * Whether etcd's own authentication is enabled. A user that nobody has is refused either way; the
   * reason tells. Nothing is written for it.
   */
  boolean authEnabled(Deadline deadline) throws CallFailed {
    try {
      call(AUTHENTICATE, AuthenticateRequest.newBuilder().setName(NOBODY).build(), deadline);
      return true;
    } catch (CallFailed e) {
      String said = String.valueOf(e.getMessage());
      if (said.contains("authentication is not enabled")) {
        return false;
      }
      if (said.contains("authentication failed")) {
        return true;
      }
      throw e;
    }
  }

  /** How many keys there were at a revision. */
  long keys(long revision, Deadline deadline) throws CallFailed {
    // etcd's way of saying "from the first key to the last".
    ByteString zero = ByteString.copyFrom(new byte[1]);
    return call(
            RANGE,
            RangeRequest.newBuilder()
                .setKey(zero)
                .setRangeEnd(zero)
                .setRevision(revision)
                .setCountOnly(true)
                .build(),
            deadline)
        .getCount();
  }

  /** Of all keys up to a revision. */
  HashKVResponse hash(long revision, Deadline deadline) throws CallFailed {
    return call(HASH, HashKVRequest.newBuilder().setRevision(revision).build(), deadline);
  }

  /** Begins to send the database; what comes is put to the pieces. */
  void snapshot(Pieces pieces) {
    pieces.follow(
        grpc.request(address, SNAPSHOT)
            .compose(request -> request.send(SnapshotRequest.getDefaultInstance()))
            .onSuccess(pieces::from));
  }

  MemberListResponse members(boolean linearizable, Deadline deadline) throws CallFailed {
    return call(
        MEMBER_LIST,
        MemberListRequest.newBuilder().setLinearizable(linearizable).build(),
        deadline);
  }

  void alarm(AlarmRequest request, Deadline deadline) throws CallFailed {
    call(ALARM, request, deadline);
  }

  DowngradeResponse downgrade(DowngradeRequest request, Deadline deadline) throws CallFailed {
    return call(DOWNGRADE, request, deadline);
  }

  /** What etcd serves under /version: the server's and the cluster's version. */
  JsonObject version(Deadline deadline) throws CallFailed {
    String body =
        await(
            http.request(HttpMethod.GET, address.port(), address.host(), "/version")
                .compose(request -> request.send().compose(HttpClientResponse::body))
                .map(buffer -> buffer.toString()),
            deadline);
    try {
      return new JsonObject(body);
    } catch (DecodeException e) {
      throw new CallFailed("", "not etcd's version: " + e.getMessage());
    }
  }

  private <Q extends Message, R extends Message> R call(
      ServiceMethod<R, Q> method, Q message, Deadline deadline) throws CallFailed {
    Future<R> answer =
        grpc.request(address, method)
            .compose(
                request -> {
                  request.timeout(deadline.leftMillis(), TimeUnit.MILLISECONDS);
                  return request.send(message);
                })
            .compose(MemberConnection::answer);
    return await(answer, deadline);
  }

  private static <Q, R> Future<R> answer(GrpcClientResponse<Q, R> response) {
    return response
        .last()
        .transform(
            last -> {
              GrpcStatus status = response.status();
              if (last.succeeded() && status == GrpcStatus.OK) {
                return Future.succeededFuture(last.result());
              }
              return Future.failedFuture(
                  status == null || status == GrpcStatus.OK
                      ? new CallFailed("", String.valueOf(last.cause()))
                      : new CallFailed(status.name(), message(response)));
            });
  }

  /** Under TLS etcd says it in the trailers, which the client library does not look into. */
  static String message(GrpcClientResponse<?, ?> response) {
    String said = response.statusMessage();
    String trailed = said == null ? response.trailers().get("grpc-message") : said;
    return trailed == null
        ? ""
        : URLDecoder.decode(trailed.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static <T> T await(Future<T> future, Deadline deadline) throws CallFailed {
    CompletableFuture<T> answer = future.toCompletionStage().toCompletableFuture();
    try {
      return answer.get(deadline.leftMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | CompletionException e) {
      throw e.getCause() instanceof CallFailed failed
          ? failed
          : new CallFailed("", String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      throw new CallFailed("", "no answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallFailed("", "interrupted");
    }
  }

  private static <Q extends Message, R extends Message> ServiceMethod<R, Q> method(
      String service, String name, R answer) {
    return ServiceMethod.client(
        ServiceName.create("etcdserverpb", service),
        name,
        GrpcMessageEncoder.<Q>encoder(),
        GrpcMessageDecoder.decoder(answer));
  }

  @Override
  public void close() {
    grpc.close();
    http.close();
  }
}
