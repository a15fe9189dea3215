package io.quorate.coordinator;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import io.quorate.common.model.OperationOutcome;
import io.quorate.common.pki.Pem;
import io.quorate.coordinator.api.ApiRouter;
import io.quorate.coordinator.api.control.Control;
import io.quorate.coordinator.backup.Backups;
import io.quorate.coordinator.backup.DirectSnapshots;
import io.quorate.coordinator.catalogue.BlobStore;
import io.quorate.coordinator.catalogue.ReleaseIntake;
import io.quorate.coordinator.catalogue.SnapshotShelf;
import io.quorate.coordinator.catalogue.inspect.Limits;
import io.quorate.coordinator.desk.ActivityDesk;
import io.quorate.coordinator.desk.Applying;
import io.quorate.coordinator.desk.Asking;
import io.quorate.coordinator.desk.FleetDesk;
import io.quorate.coordinator.desk.HostsDesk;
import io.quorate.coordinator.desk.MemberDesk;
import io.quorate.coordinator.desk.Office;
import io.quorate.coordinator.desk.Preflight;
import io.quorate.coordinator.desk.ReleaseDesk;
import io.quorate.coordinator.desk.RolloutDesk;
import io.quorate.coordinator.desk.SnapshotsDesk;
import io.quorate.coordinator.etcd.Access;
import io.quorate.coordinator.etcd.EtcdAdmin;
import io.quorate.coordinator.etcd.live.Deadlines;
import io.quorate.coordinator.etcd.live.LiveDatabases;
import io.quorate.coordinator.etcd.live.LiveEtcd;
import io.quorate.coordinator.observe.Accesses;
import io.quorate.coordinator.observe.ClusterObserver;
import io.quorate.coordinator.pki.Authorities;
import io.quorate.coordinator.rollout.ClusterWorker;
import io.quorate.coordinator.rollout.Dispatcher;
import io.quorate.coordinator.rollout.Workers;
import io.quorate.coordinator.session.AgentGateway;
import io.quorate.coordinator.session.ServerCertificate;
import io.quorate.coordinator.session.UploadArea;
import io.quorate.coordinator.store.Store;
import io.quorate.coordinator.store.sqlite.SqliteStore;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the parts together and takes them apart again, in the reverse order. Everything durable lies
 * under the data directory; a second start finds it and changes nothing.
 */
final class Coordinator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
  private static final long LARGEST_UPLOAD = 64L << 30;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private String address = "";

  private Coordinator() {}

  static Coordinator start(Setup setup) {
    Coordinator coordinator = new Coordinator();
    try {
      coordinator.assemble(setup);
      return coordinator;
    } catch (RuntimeException | IOException e) {
      coordinator.close();
      if (e instanceof QuorateException refused) {
        throw refused;
      }
      throw new QuorateException(
          Problem.of(Code.Q1301, "the coordinator cannot start: " + e.getMessage()), e);
    }
  }

  String address() {
    return address;
  }

  private void assemble(Setup setup) throws IOException {
    InstantSource clock = InstantSource.system();
    Store store = keep(SqliteStore.open(setup.data()));
    Authorities authorities = Authorities.open(setup.data().resolve("pki"), clock);
    BlobStore blobs = BlobStore.open(setup.data().resolve("blobs"));
    // Beside the names that people read, so that these are links to the same bytes.
    Path kept = setup.snapshots().resolve(".store");
    BlobStore data = BlobStore.open(kept);
    UploadArea uploads = new UploadArea(kept.resolve("uploads"), LARGEST_UPLOAD);
    SnapshotShelf shelf = new SnapshotShelf(setup.snapshots(), data, store.snapshots());
    long epoch = store.raiseEpoch();
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(false));
    keep(() -> vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS));

    AgentGateway.Admission admission = AgentGateway.Admission.of(store, authorities, clock);
    AgentGateway gateway =
        keep(
            new AgentGateway(
                vertx,
                store,
                admission,
                new AgentGateway.Files(new HeldFiles(store, blobs, data), uploads),
                new AgentGateway.Reign(epoch, Main.VERSION),
                clock));
    EtcdAdmin etcd = keep(new LiveEtcd(vertx, Deadlines.DEFAULT));
    LinkedAgents linked = new LinkedAgents(gateway);
    ClusterObserver observer =
        new ClusterObserver(store, linked, etcd, accesses(authorities), clock);
    DirectSnapshots agents =
        keep(
            new DirectSnapshots(
                linked,
                store,
                shelf,
                new DirectSnapshots.Etcd(observer::access, new LiveDatabases(vertx, SILENCE)),
                clock));
    gateway.withhold(agents::underWay);
    Dispatcher.OperationIds ids = new Dispatcher.OperationIds(epoch, () -> Office.fresh(8));
    Dispatcher dispatcher = new Dispatcher(store, agents, etcd, observer, clock, ids);
    Workers workers =
        keep(
            new Workers(
                name -> new ClusterWorker(name, store, observer, dispatcher, clock, shelf),
                CrashAfterSteps.from(System.getenv(), setup.data())));
    Backups backups = keep(new Backups(store, workers, agents, shelf, clock, ids));
    Office office = new Office(store, workers, observer, agents, clock);
    Asking asking = new Asking(office, epoch, PATIENCE);
    Received received = new Received(store, uploads, blobs, data);
    received.all();
    Consumer<OperationOutcome> consequences =
        outcome -> {
          received.one(outcome);
          asking.arrived(outcome);
          workers.wakeAll();
        };
    gateway.onOutcome(
        (host, outcome) -> Thread.startVirtualThread(() -> consequences.accept(outcome)));
    agents.onOutcome(consequences);
    agents.resume();
    gateway.onReport(host -> workers.wakeAll());

    ServerCertificate certificate = keep(new ServerCertificate(vertx, authorities, setup.names()));
    HttpServer server =
        vertx.createHttpServer(certificate.options().setHost(setup.host()).setPort(setup.port()));
    PkiAdmission pki = new PkiAdmission(admission, gateway, authorities, () -> address);
    Router api =
        ApiRouter.create(
            vertx,
            new ApiRouter.Setup(
                control(
                    office,
                    asking,
                    blobs,
                    shelf,
                    pki,
                    new PkiClientAccess(authorities),
                    new PkiOperators(store, authorities, () -> address, clock)),
                new OperatorIdentities(authorities, store.operators()),
                clock,
                Main.VERSION));
    server.requestHandler(
        request -> {
          if (AgentGateway.speaks(request)) {
            gateway.handler().handle(request);
          } else {
            api.handle(request);
          }
        });
    address = setup.dial(listen(server, setup));
    certificate.keepYoung(server);
    FirstOperator.ensure(setup, store, authorities, address);
    store.clusters().list().forEach(c -> workers.wake(c.name()));
    backups.start();
  }

  private int listen(HttpServer server, Setup setup) {
    try {
      int port =
          server
              .listen()
              .toCompletionStage()
              .toCompletableFuture()
              .get(20, TimeUnit.SECONDS)
              .actualPort();
      keep(
          () -> server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS));
      return port;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new QuorateException(
          Problem.of(
                  Code.Q1301,
                  "cannot listen on %s:%d: %s"
                      .formatted(setup.host(), setup.port(), e.getMessage()))
              .withRemedy("--listen ADDRESS:PORT"),
          e);
    }
  }

  private static Control control(
      Office office,
      Asking asking,
      BlobStore blobs,
      SnapshotShelf shelf,
      PkiAdmission pki,
      PkiClientAccess access,
      PkiOperators operators) {
    Preflight preflight = new Preflight(office, asking);
    Applying applying = new Applying(office, preflight, shelf);
    MemberDesk members = new MemberDesk(office, applying);
    return new Control(
        new FleetDesk(office, applying, preflight, access),
        new RolloutDesk(office, applying),
        members,
        new HostsDesk(office, pki, members),
        new ReleaseDesk(
            office,
            new ReleaseIntake(blobs, office.store().releases(), Limits.standard()),
            blobs.incoming()),
        new SnapshotsDesk(office, asking, applying, shelf),
        new ActivityDesk(office, asking),
        operators,
        office.store().audit());
  }

  private static Accesses accesses(Authorities authorities) {
    return cluster -> {
      var own = authorities.cluster(cluster).own();
      return Optional.of(
          new Access.Tls(
              Pem.encode(authorities.cluster(cluster).clientAuthorities()),
              Pem.encode(own.chain()),
              io.quorate.common.pki.Keys.toPem(own.key())));
    };
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  /** Ends in order; a part that fails to end does not keep the others from it. */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        LOG.warn("{} did not end cleanly", part.getClass().getSimpleName(), e);
      }
    }
  }
}
