package io.quorate.coordinator.api;

import io.quorate.coordinator.api.control.Control;
import io.quorate.coordinator.api.control.Identities;
import io.quorate.coordinator.api.route.Dispatcher;
import io.quorate.coordinator.api.route.Gatekeeper;
import io.quorate.coordinator.api.route.Pause;
import io.quorate.coordinator.api.route.Route;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.time.InstantSource;

/** Puts the table of routes behind one handler, to be mounted on the coordinator's HTTP server. */
public final class ApiRouter {
  private ApiRouter() {}

  /** What the API is made of; the version is the coordinator's own. */
  public record Setup(
      Control control, Identities identities, InstantSource clock, String version) {}

  public static Router create(Vertx vertx, Setup setup) {
    Gatekeeper gatekeeper =
        new Gatekeeper(setup.identities(), setup.control().audit(), setup.clock());
    Dispatcher dispatcher = new Dispatcher(vertx, gatekeeper);
    Router router = Router.router(vertx);
    for (Route route : RouteTable.of(setup, Pause.on(vertx))) {
      router
          .route(HttpMethod.valueOf(route.method()), route.pattern())
          .handler(routing -> dispatcher.dispatch(route, routing));
    }
    router.route().handler(dispatcher::unmatched);
    return router;
  }
}
