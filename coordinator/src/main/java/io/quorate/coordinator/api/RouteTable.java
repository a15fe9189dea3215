package io.quorate.coordinator.api;

import io.quorate.coordinator.api.control.Control;
import io.quorate.coordinator.api.machine.MachineRoutes;
import io.quorate.coordinator.api.noun.ActivityRoutes;
import io.quorate.coordinator.api.noun.CatalogueRoutes;
import io.quorate.coordinator.api.noun.ClusterRoutes;
import io.quorate.coordinator.api.noun.HostRoutes;
import io.quorate.coordinator.api.noun.MemberRoutes;
import io.quorate.coordinator.api.noun.OperatorRoutes;
import io.quorate.coordinator.api.noun.PlanRoutes;
import io.quorate.coordinator.api.noun.RolloutRoutes;
import io.quorate.coordinator.api.noun.SnapshotRoutes;
import io.quorate.coordinator.api.route.Pause;
import io.quorate.coordinator.api.route.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every route there is. What is not in here cannot be reached. */
public final class RouteTable {
  private RouteTable() {}

  public static List<Route> of(ApiRouter.Setup setup, Pause pause) {
    Control control = setup.control();
    List<Route> routes = new ArrayList<>();
    Stream.of(
            PlanRoutes.of(control.fleet()),
            ClusterRoutes.of(control.fleet()),
            RolloutRoutes.of(control.rollouts()),
            MemberRoutes.of(control.members()),
            SnapshotRoutes.of(control.snapshots()),
            HostRoutes.of(control.hosts()),
            CatalogueRoutes.of(control.catalogue()),
            OperatorRoutes.of(control.operators()),
            ActivityRoutes.of(control.activity(), control.audit(), setup.version(), pause))
        .forEach(routes::addAll);
    routes.addAll(MachineRoutes.of(control, setup.version(), List.copyOf(routes)));
    return List.copyOf(routes);
  }
}
