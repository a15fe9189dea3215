package io.quorate.coordinator.api.noun;

import io.quorate.coordinator.api.control.Fleet;
import io.quorate.coordinator.api.route.Answer;
import io.quorate.coordinator.api.route.Route;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.CheckReport;
import io.quorate.coordinator.api.v1.PlanView;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.pki.Role;
import java.util.List;

/** From a file to a change. */
public final class PlanRoutes {
  private PlanRoutes() {}

  public static List<Route> of(Fleet fleet) {
    return List.of(
        Route.post("/v1/plans")
            .role(Role.VIEWER)
            .summary("Predict what a cluster's file would change, and remember it under an id")
            .takes(Requests.Spec.class)
            .gives(PlanView.class)
            .answers(ask -> Answer.of(fleet.plan(ask.body(Requests.Spec.class), ask.caller()))),
        Route.get("/v1/plans/{id}")
            .role(Role.VIEWER)
            .summary("A plan that was made before")
            .gives(PlanView.class)
            .answers(ask -> Answer.of(fleet.plan(ask.id()))),
        Route.post("/v1/plans/{id}/apply")
            .role(Role.OPERATOR)
            .audited("apply plan")
            .summary("Apply exactly this plan; refused when the cluster's revision is another now")
            .takes(Requests.ApplyPlan.class)
            .gives(Changed.class)
            .answers(
                ask ->
                    Outcomes.changed(
                        fleet.applyPlan(
                            ask.id(), ask.body(Requests.ApplyPlan.class), ask.caller()))),
        Route.post("/v1/apply")
            .role(Role.OPERATOR)
            .audited("apply")
            .summary("Make a cluster's file the wanted state")
            .takes(Requests.Apply.class)
            .gives(Changed.class)
            .answers(
                ask -> Outcomes.changed(fleet.apply(ask.body(Requests.Apply.class), ask.caller()))),
        Route.post("/v1/check")
            .role(Role.OPERATOR)
            .audited("check")
            .summary("Run the preflight checks; changes nothing")
            .takes(Requests.Check.class)
            .gives(CheckReport.class)
            .answers(ask -> Answer.of(fleet.check(ask.body(Requests.Check.class), ask.caller()))));
  }
}
