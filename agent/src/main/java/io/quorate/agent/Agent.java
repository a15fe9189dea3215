package io.quorate.agent;

import io.quorate.agent.converge.HostLoop;
import io.quorate.agent.host.CrashPoints;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.LinuxHost;
import io.quorate.agent.observe.HostObserver;
import io.quorate.agent.service.ServiceManager;
import io.quorate.agent.service.SupervisedManager;
import io.quorate.agent.service.SystemdManager;
import io.quorate.agent.session.CoordinatorLink;
import io.quorate.agent.session.Coordinators;
import io.quorate.agent.session.Identity;
import io.quorate.agent.session.IdentityFiles;
import io.quorate.agent.session.RemoteBlobs;
import io.quorate.agent.session.RemoteSigner;
import io.quorate.agent.session.RemoteUploads;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.model.HostFacts;
import io.quorate.common.model.HostName;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.time.InstantSource;

/** Puts the parts together. Ending it ends nothing of etcd. */
final class Agent implements AutoCloseable {
  private final Vertx vertx;
  private final BackgroundMeasures measures;
  private final Coordinators coordinators;
  private final HostLoop loop;
  private final CoordinatorLink link;

  private Agent(
      Vertx vertx,
      BackgroundMeasures measures,
      Coordinators coordinators,
      HostLoop loop,
      CoordinatorLink link) {
    this.vertx = vertx;
    this.measures = measures;
    this.coordinators = coordinators;
    this.loop = loop;
    this.link = link;
  }

  static Agent start(Setup setup) throws IOException {
    InstantSource clock = InstantSource.system();
    IdentityFiles files = new IdentityFiles(setup.identity());
    Identity identity =
        files
            .load()
            .orElseThrow(
                () ->
                    Problem.of(Code.Q1202, "this host has not joined a coordinator")
                        .withRemedy("on the coordinator: quorate host token --host NAME")
                        .asException());
    Host host = new LinuxHost(CrashPoints.from(System.getenv(), setup.layout().state()), clock);
    ServiceManager services =
        setup.systemd()
            ? new SystemdManager(host, setup.layout())
            : new SupervisedManager(host, setup.layout(), clock);
    HostObserver observer = new HostObserver(services.kind());
    HostFacts facts = observer.facts();
    BackgroundMeasures measures = new BackgroundMeasures(observer, setup.layout());
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2));
    Coordinators coordinators = new Coordinators(vertx, files, identity, setup.coordinators());
    HostLoop loop =
        HostLoop.start(
            new HostLoop.Surroundings(
                host,
                setup.layout(),
                services,
                new HostLoop.Link(
                    new RemoteBlobs(coordinators),
                    new RemoteUploads(coordinators, clock),
                    new RemoteSigner(coordinators),
                    measures),
                clock));
    CoordinatorLink link =
        new CoordinatorLink(
            vertx,
            coordinators,
            loop,
            new CoordinatorLink.Self(Main.VERSION, host.bootId(), facts),
            clock);
    link.start();
    return new Agent(vertx, measures, coordinators, loop, link);
  }

  HostName host() {
    return coordinators.identity().host();
  }

  @Override
  public void close() {
    link.close();
    loop.close();
    coordinators.close();
    measures.close();
    vertx.close().await();
  }
}
