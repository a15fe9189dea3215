package io.quorate.coordinator.api.machine;

import io.quorate.coordinator.api.control.Control;
import io.quorate.coordinator.api.route.Answer;
import io.quorate.coordinator.api.route.Route;
import io.quorate.coordinator.api.v1.codec.JsonWriter;
import io.quorate.coordinator.pki.Role;
import java.util.ArrayList;
import java.util.List;

/** Health, metrics, service discovery and the description of all the other routes. */
public final class MachineRoutes {
  static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private MachineRoutes() {}

  public static List<Route> of(Control control, String version, List<Route> others) {
    List<Route> routes = new ArrayList<>();
    routes.add(
        Route.get("/healthz")
            .summary("Whether the coordinator serves and can read its store; for everybody")
            .givesText(Answer.TEXT)
            .answers(ask -> healthy(control)));
    routes.add(
        Route.get("/metrics")
            .role(Role.VIEWER)
            .summary("Numbers for Prometheus")
            .givesText(METRICS)
            .answers(ask -> Answer.text(METRICS, Metrics.page(control, version))));
    routes.add(
        Route.get("/sd/prometheus")
            .role(Role.VIEWER)
            .summary("Every etcd member as a target, for Prometheus' HTTP service discovery")
            .givesText(Answer.JSON)
            .answers(
                ask -> Answer.text(Answer.JSON, ServiceDiscovery.page(control.fleet().all()))));
    List<Route> described = new ArrayList<>(others);
    described.addAll(routes);
    Route own =
        Route.get("/v1/openapi.json")
            .role(Role.VIEWER)
            .summary("This description")
            .givesText(Answer.JSON)
            .answers(ask -> Answer.text(Answer.JSON, description(described, version)));
    described.add(own);
    routes.add(own);
    return List.copyOf(routes);
  }

  private static Answer healthy(Control control) {
    control.audit().head();
    return Answer.text(Answer.TEXT, "ok\n");
  }

  private static String description(List<Route> routes, String version) {
    return JsonWriter.indented(OpenApi.describe(routes, version)) + "\n";
  }
}
