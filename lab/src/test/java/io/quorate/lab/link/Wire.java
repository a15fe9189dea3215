package io.quorate.lab.link;

import io.quorate.agent.session.CoordinatorLink;
import io.quorate.agent.session.Coordinators;
import io.quorate.agent.session.Endpoint;
import io.quorate.agent.session.Identity;
import io.quorate.agent.session.IdentityFiles;
import io.quorate.agent.session.Joining;
import io.quorate.common.model.HostFacts;
import io.quorate.common.model.HostName;
import io.quorate.common.pki.Pin;
import io.quorate.coordinator.pki.Authorities;
import io.quorate.coordinator.session.AgentGateway;
import io.quorate.coordinator.session.BlobFiles;
import io.quorate.coordinator.session.ServerCertificate;
import io.quorate.coordinator.session.UploadArea;
import io.quorate.coordinator.store.Store;
import io.quorate.coordinator.store.sqlite.SqliteStore;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A coordinator's end, and any number of agents' ends, in one process but over real sockets. */
final class Wire {
  final Vertx vertx = Vertx.vertx();
  final Store store;
  final Authorities authorities;
  final UploadArea uploads;
  final Path directory;
  final InstantSource clock;
  AgentGateway.Admission admission;
  AgentGateway gateway;
  HttpServer server;
  private final ServerCertificate certificate;
  private int port;
  private final List<Agent> agents = new ArrayList<>();
  private final List<Throwable> unhandled = new CopyOnWriteArrayList<>();
  private volatile boolean closing;

  /** Is shown each call as soon as it has come in. */
  volatile Consumer<HttpServerRequest> calls = request -> {};

  Wire(Path directory, InstantSource clock) throws Exception {
    this.directory = directory;
    this.clock = clock;
    vertx.exceptionHandler(this::unhandled);
    Files.createDirectories(directory.resolve("data"));
    this.store = SqliteStore.open(directory.resolve("data"));
    this.authorities = Authorities.open(directory.resolve("pki"), clock);
    this.uploads = new UploadArea(directory.resolve("uploads"), 1L << 30);
    this.admission = AgentGateway.Admission.of(store, authorities, clock);
    this.gateway = gateway();
    this.certificate = new ServerCertificate(vertx, authorities, List.of("127.0.0.1", "localhost"));
    this.server = serve();
  }

  private AgentGateway gateway() {
    return new AgentGateway(
        vertx,
        store,
        admission,
        new AgentGateway.Files(new Blobs(directory.resolve("blobs")), uploads),
        new AgentGateway.Reign(store.raiseEpoch(), "test"),
        clock);
  }

  private HttpServer serve() throws Exception {
    HttpServer fresh = vertx.createHttpServer(certificate.options());
    fresh.requestHandler(
        request -> {
          if (AgentGateway.speaks(request)) {
            gateway.handler().handle(request);
            calls.accept(request);
          } else {
            request.response().setStatusCode(404).end();
          }
        });
    fresh
        .listen(port, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    port = fresh.actualPort();
    return fresh;
  }

  /** Like a process that is killed and started again, on the same port. */
  void restartCoordinator() throws Exception {
    server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    gateway.close();
    admission = AgentGateway.Admission.of(store, authorities, clock);
    gateway = gateway();
    server = serve();
  }

  /** As the coordinator does every hour; whether another certificate is shown from now on. */
  boolean lookAtCertificate() throws Exception {
    return certificate
        .look(server)
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  /** What a new handshake is shown. */
  X509Certificate shown() throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, new TrustManager[] {new Trusting()}, null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  /** It only wants to look. */
  private static final class Trusting extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", port);
  }

  Pin pin() {
    return authorities.pin();
  }

  String token(String host) {
    return admission
        .enrolment()
        .invite(Optional.of(HostName.of(host)), Duration.ofMinutes(10), "test")
        .token();
  }

  IdentityFiles files(String host) {
    return new IdentityFiles(directory.resolve("agent-" + host));
  }

  Identity join(String host, String token) {
    return new Joining(vertx, files(host), clock, "test")
        .join(new Joining.Invitation(List.of(endpoint()), pin(), token, Optional.empty()));
  }

  /** Joins and links. */
  Agent agent(String host, FakeHost fake) {
    Agent agent = agent(vertx, host, fake);
    agents.add(agent);
    return agent;
  }

  /** Of an agent's own process, which may end before the coordinator does. */
  Agent agent(Vertx process, String host, FakeHost fake) {
    Identity identity = files(host).load().orElseGet(() -> join(host, token(host)));
    Coordinators coordinators = new Coordinators(process, files(host), identity, List.of());
    CoordinatorLink link =
        new CoordinatorLink(
            process,
            coordinators,
            fake,
            new CoordinatorLink.Self(
                "test", "boot", new HostFacts("linux", "6", "amd64", 2, 1, "fake", List.of())),
            clock);
    link.start();
    return new Agent(link, coordinators);
  }

  record Agent(CoordinatorLink link, Coordinators coordinators) {
    void close() {
      link.close();
    }
  }

  private record Blobs(Path directory) implements BlobFiles {
    @Override
    public Optional<Path> release(String sha256) {
      return there("release-" + sha256);
    }

    @Override
    public Optional<Path> data(String sha256) {
      return there("data-" + sha256);
    }

    private Optional<Path> there(String name) {
      return Optional.of(directory.resolve(name)).filter(Files::exists);
    }
  }

  /** Looks again and again until it holds, for a minute and a half. */
  static void until(String what, BooleanSupplier holds) throws InterruptedException {
    Instant end = Instant.now().plusSeconds(90);
    while (!holds.getAsBoolean()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("not within 90 s: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** Vert.x itself cancels what is queued on a broken connection with a null in its hands. */
  private void unhandled(Throwable failure) {
    StackTraceElement[] stack = failure.getStackTrace();
    boolean own =
        failure instanceof NullPointerException
            && stack.length > 0
            && stack[0].getClassName().startsWith("io.vertx.");
    if (!own && !closing) {
      unhandled.add(failure);
    }
  }

  void close() throws Exception {
    closing = true;
    for (Agent agent : agents) {
      agent.close();
    }
    gateway.close();
    server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    store.close();
    if (!unhandled.isEmpty()) {
      throw new AssertionError("nobody handled", unhandled.getFirst());
    }
  }
}
