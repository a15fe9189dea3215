package io.quorate.coordinator.api;

import io.quorate.common.model.HostName;
import io.quorate.common.pki.Credentials;
import io.quorate.common.pki.KeyAlgorithm;
import io.quorate.common.pki.Keys;
import io.quorate.common.pki.Pem;
import io.quorate.common.tls.TlsOptions;
import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.cli.http.Address;
import io.quorate.coordinator.cli.http.HttpsClient;
import io.quorate.coordinator.cli.http.Reply;
import io.quorate.coordinator.cli.http.Tls;
import io.quorate.coordinator.pki.Authorities;
import io.quorate.coordinator.pki.Holder;
import io.quorate.coordinator.pki.Role;
import io.quorate.coordinator.store.Audit;
import io.quorate.coordinator.store.MemoryStore;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The API over real TLS on loopback, with real authorities, in front of the fake. */
public final class TestCoordinator implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final MemoryStore store = new MemoryStore();
  private final Authorities authorities;
  private final FakeControl control;
  private final HttpServer server;
  private final AtomicBoolean auditBroken = new AtomicBoolean();

  public TestCoordinator(Path folder) {
    this(folder, InstantSource.system());
  }

  /** The clock is what the API writes down; certificates live by the real one. */
  public TestCoordinator(Path folder, InstantSource clock) {
    this.folder = folder;
    authorities = Authorities.open(folder.resolve("pki"), InstantSource.system());
    control = new FakeControl(folder.resolve("incoming"));
    Audit audit = new BreakableAudit(store.audit(), auditBroken);
    ApiRouter.Setup setup =
        new ApiRouter.Setup(control.control(audit), this::operator, clock, "0.1-test");
    HttpServerOptions options =
        TlsOptions.server(
            authorities.coordinator(List.of("localhost", "127.0.0.1")),
            authorities.clientAuthorities());
    server = await(vertx.createHttpServer(options).requestHandler(ApiRouter.create(vertx, setup)));
  }

  private static HttpServer await(HttpServer server) {
    try {
      return server
          .listen(0, "127.0.0.1")
          .toCompletionStage()
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the test's server does not start", e);
    }
  }

  private Optional<Caller> operator(List<X509Certificate> chain) {
    return authorities
        .holder(chain.getFirst())
        .flatMap(
            holder ->
                holder instanceof Holder.Operator known
                    ? Optional.of(new Caller(known.name(), known.role()))
                    : Optional.empty());
  }

  public FakeControl control() {
    return control;
  }

  public Audit audit() {
    return store.audit();
  }

  public void breakAudit() {
    auditBroken.set(true);
  }

  public int port() {
    return server.actualPort();
  }

  public Credentials operator(Role role) {
    KeyPair keys = Keys.generate(KeyAlgorithm.ECDSA_P256);
    return new Credentials(
        keys.getPrivate(),
        List.of(
            authorities.operator(
                "ann-" + role.text(), role, keys.getPublic(), Duration.ofDays(1))));
  }

  public Credentials agent() {
    KeyPair keys = Keys.generate(KeyAlgorithm.ECDSA_P256);
    return new Credentials(
        keys.getPrivate(), List.of(authorities.agent(HostName.of("node-1"), keys.getPublic())));
  }

  public List<X509Certificate> trusted() {
    return authorities.coordinatorAuthorities();
  }

  public HttpsClient client(Credentials own) {
    return new HttpsClient(
        new Address("127.0.0.1", port()), Tls.of(trusted(), own.chain(), own.key()));
  }

  public Reply ask(Role role, String method, String path, Optional<String> json) {
    try (HttpsClient client = client(operator(role))) {
      return client.send(method, path, json.map(HttpsClient.Body::json), DEADLINE);
    }
  }

  public Reply get(String path) {
    return ask(Role.VIEWER, "GET", path, Optional.empty());
  }

  /** What the environment of a command line of that role is. */
  public Map<String, String> environment(Role role) {
    Credentials own = operator(role);
    try {
      Path ca = Files.writeString(folder.resolve("ca.crt"), Pem.encode(trusted()));
      Path certificate =
          Files.writeString(folder.resolve(role.text() + ".crt"), Pem.encode(own.chain()));
      Path key = Files.writeString(folder.resolve(role.text() + ".key"), Keys.toPem(own.key()));
      return Map.of(
          "QUORATE_ADDRESS", "127.0.0.1:" + port(),
          "QUORATE_CA", ca.toString(),
          "QUORATE_CERT", certificate.toString(),
          "QUORATE_KEY", key.toString());
    } catch (IOException e) {
      throw new IllegalStateException("the test's folder is not writable", e);
    }
  }

  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the test's server does not stop", e);
    }
    store.close();
  }

  private record BreakableAudit(Audit audit, AtomicBoolean broken) implements Audit {
    @Override
    public Entry append(
        java.time.Instant at,
        String who,
        String what,
        String subject,
        String outcome,
        String detail) {
      if (broken.get()) {
        throw new IllegalStateException("no space left on device");
      }
      return audit.append(at, who, what, subject, outcome, detail);
    }

    @Override
    public List<Entry> list(long afterIndex, int limit) {
      return audit.list(afterIndex, limit);
    }

    @Override
    public Optional<Broken> verify() {
      return audit.verify();
    }

    @Override
    public Optional<Entry> head() {
      return audit.head();
    }
  }
}
