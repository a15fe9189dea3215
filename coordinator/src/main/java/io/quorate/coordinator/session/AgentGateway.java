package io.quorate.coordinator.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.HostName;
import io.quorate.common.model.Operation;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.pki.CertificateRequest;
import io.quorate.common.wire.IdentityWire;
import io.quorate.common.wire.Protocol;
import io.quorate.common.wire.v1.AgentServiceGrpcService;
import io.quorate.common.wire.v1.FromAgent;
import io.quorate.common.wire.v1.JoinReply;
import io.quorate.common.wire.v1.JoinRequest;
import io.quorate.common.wire.v1.RenewReply;
import io.quorate.common.wire.v1.ToAgent;
import io.quorate.coordinator.pki.Authorities;
import io.quorate.coordinator.pki.Holder;
import io.quorate.coordinator.store.Store;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.WireFormat;
import io.vertx.grpc.server.GrpcProtocol;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * The agents' interface, to be mounted on a TLS server for requests of type {@code
 * application/grpc}. Who calls is decided here, once, for every method:
 *
 * <ol>
 *   <li>A method is bound either to anyone, and that is Join, or to agents. There is no third way
 *       to bind one, and a method that is not bound answers UNIMPLEMENTED.
 *   <li>No certificate: UNAUTHENTICATED. A certificate that is not an agent's, or not one that may
 *       speak now: PERMISSION_DENIED, and a note in the audit trail.
 *   <li>What an agent may ask for follows from the host in its certificate, never from what it
 *       says.
 *   <li>Compressed messages are refused: a small one could unfold to any size.
 * </ol>
 */
public final class AgentGateway implements AgentLinks, AutoCloseable {
  private final Vertx vertx;
  private final Admission admission;
  private final SessionNotes notes;
  private final LiveStreams streams;
  private final GrpcServer server;
  private final long ticker;

  /** Who is let in. */
  public record Admission(Authorities authorities, Enrolment enrolment, Identities identities) {
    public static Admission of(Store store, Authorities authorities, InstantSource clock) {
      return new Admission(
          authorities,
          new Enrolment(store, authorities, clock),
          new Identities(store, authorities, clock));
    }
  }

  /** What agents fetch and where they upload to. */
  public record Files(BlobFiles blobs, UploadArea uploads) {}

  /** This run of the coordinator. */
  public record Reign(long epoch, String version) {}

  public AgentGateway(
      Vertx vertx,
      Store store,
      Admission admission,
      Files files,
      Reign reign,
      InstantSource clock) {
    this.vertx = vertx;
    this.admission = admission;
    this.notes = new SessionNotes(store, clock);
    this.streams = new LiveStreams(vertx, store, notes, admission.identities(), reign, clock);
    this.server =
        GrpcServer.server(
            vertx,
            new GrpcServerOptions()
                .setMaxMessageSize(Protocol.LARGEST_MESSAGE)
                .removeEnabledProtocol(GrpcProtocol.WEB)
                .removeEnabledProtocol(GrpcProtocol.WEB_TEXT)
                .removeEnabledProtocol(GrpcProtocol.TRANSCODING));
    MemberCertificates members = new MemberCertificates(store, admission.authorities());
    BlobDelivery blobs = new BlobDelivery(store, files.blobs());
    UploadReceiver uploads = new UploadReceiver(store, files.uploads());

    anyone(AgentServiceGrpcService.Join, (address, call) -> call.unary(m -> join(m, address)));
    agents(
        AgentServiceGrpcService.Renew,
        (caller, call) -> call.unary(m -> renew(caller.host(), IdentityWire.fromWire(m))));
    agents(AgentServiceGrpcService.Session, this::session);
    agents(
        AgentServiceGrpcService.SignMember,
        (caller, call) ->
            call.unary(
                m -> IdentityWire.toWire(members.sign(caller.host(), IdentityWire.fromWire(m)))));
    agents(AgentServiceGrpcService.FetchBlob, blobs::deliver);
    agents(
        AgentServiceGrpcService.UploadStatus,
        (caller, call) -> call.unary(m -> uploads.status(caller.host(), m.getOperationId())));
    agents(AgentServiceGrpcService.Upload, (caller, call) -> uploads.receive(caller.host(), call));
    admission.identities().onShutOut(this::disconnect);
    this.ticker = vertx.setPeriodic(1_000, tick -> streams.tick());
  }

  /** For requests whose content type {@link #speaks}. */
  public Handler<HttpServerRequest> handler() {
    return server;
  }

  public static boolean speaks(HttpServerRequest request) {
    String type = request.getHeader("content-type");
    return type != null && type.startsWith("application/grpc");
  }

  private <Q, R> void anyone(ServiceMethod<Q, R> method, BiConsumer<String, Call<Q, R>> handler) {
    server.callHandler(
        method, request -> plain(request).ifPresent(call -> handler.accept(from(request), call)));
  }

  private <Q, R> void agents(
      ServiceMethod<Q, R> method, BiConsumer<Call.Caller, Call<Q, R>> handler) {
    server.callHandler(
        method, request -> plain(request).ifPresent(call -> authenticated(method, call, handler)));
  }

  private <Q, R> void authenticated(
      ServiceMethod<Q, R> method, Call<Q, R> call, BiConsumer<Call.Caller, Call<Q, R>> handler) {
    Optional<X509Certificate> certificate = certificate(call.request());
    if (certificate.isEmpty()) {
      call.refuse(
          GrpcStatus.UNAUTHENTICATED,
          Problem.of(Code.Q1302, "this needs the certificate of an agent")
              .withRemedy("join first: quorate host token --host NAME"));
      return;
    }
    String address = from(call.request());
    call.blocking(() -> admit(method.methodName(), certificate.get(), address))
        .onSuccess(
            host -> {
              // It may have gone meanwhile, and nothing can be said to it any more.
              if (!call.over()) {
                handler.accept(new Call.Caller(host, address, certificate.get()), call);
              }
            })
        .onFailure(call::fail);
  }

  private HostName admit(String method, X509Certificate certificate, String address) {
    String subject = certificate.getSubjectX500Principal().getName();
    try {
      Optional<Holder> holder = admission.authorities().holder(certificate);
      if (holder.isPresent() && holder.get() instanceof Holder.Agent agent) {
        return admission.identities().admit(agent, certificate);
      }
      throw Problem.of(Code.Q1207, "this certificate is not an agent's").asException();
    } catch (QuorateException refusal) {
      notes.refused(subject + " from " + address, method, subject, refusal.problem());
      throw refusal;
    }
  }

  /** Paused until its handler is there; refused when it is not plain protobuf. */
  private <Q, R> Optional<Call<Q, R>> plain(GrpcServerRequest<Q, R> request) {
    request.pause();
    Call<Q, R> call = new Call<>(vertx, request);
    String encoding = request.encoding();
    if (request.format() != WireFormat.PROTOBUF
        || (encoding != null && !encoding.equals("identity"))) {
      call.refuse(
          GrpcStatus.UNIMPLEMENTED, Problem.of(Code.Q1306, "only plain protobuf is spoken here"));
      return Optional.empty();
    }
    return Optional.of(call);
  }

  private static String from(GrpcServerRequest<?, ?> request) {
    SocketAddress remote = request.connection().remoteAddress();
    String address = remote == null ? null : remote.hostAddress();
    return address == null ? "unknown" : address;
  }

  private static Optional<X509Certificate> certificate(GrpcServerRequest<?, ?> request) {
    try {
      return request.connection().peerCertificates().stream()
          .filter(X509Certificate.class::isInstance)
          .map(X509Certificate.class::cast)
          .findFirst();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty(); // none was presented
    }
  }

  private JoinReply join(JoinRequest message, String address) {
    Enrolment.Admitted admitted =
        admission.enrolment().join(IdentityWire.fromWire(message), address, streams::isConnected);
    return IdentityWire.joined(admitted.host(), certified(admitted.certificate()));
  }

  private RenewReply renew(HostName host, CertificateRequest request) {
    return IdentityWire.renewed(certified(admission.identities().renew(host, request)));
  }

  private IdentityWire.Certified certified(X509Certificate certificate) {
    return new IdentityWire.Certified(
        certificate, admission.authorities().coordinatorAuthorities());
  }

  private void session(Call.Caller caller, Call<FromAgent, ToAgent> call) {
    streams.open(caller, call);
  }

  @Override
  public void push(HostName host) {
    streams.push(host);
  }

  @Override
  public void send(HostName host, Operation operation) {
    streams.send(host, operation);
  }

  @Override
  public Optional<HostLink> latest(HostName host) {
    return streams.reports().latest(host);
  }

  @Override
  public List<HostLink> all() {
    return streams.reports().all();
  }

  @Override
  public void onReport(Consumer<HostName> listener) {
    streams.reports().onReport(listener);
  }

  @Override
  public void onOutcome(BiConsumer<HostName, OperationOutcome> listener) {
    streams.onOutcome(listener);
  }

  /** Operations that agents are not told of when they connect, because they are done elsewhere. */
  public void withhold(Predicate<Operation> which) {
    streams.withhold(which);
  }

  @Override
  public void disconnect(HostName host, Problem problem) {
    streams.disconnect(host, problem);
  }

  /** Agents reconnect by themselves, to whoever answers then. */
  @Override
  public void close() {
    vertx.cancelTimer(ticker);
    streams.close();
  }
}
