package io.quorate.coordinator.api.noun;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.control.OperatorDesk;
import io.quorate.coordinator.api.route.Answer;
import io.quorate.coordinator.api.route.Ask;
import io.quorate.coordinator.api.route.Route;
import io.quorate.coordinator.api.v1.OperatorView;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.pki.Role;
import java.time.Duration;
import java.util.List;

/** Who may speak to the coordinator. */
public final class OperatorRoutes {
  private static final Duration LONGEST = Duration.ofDays(398);

  private OperatorRoutes() {}

  public static List<Route> of(OperatorDesk desk) {
    return List.of(
        Route.get("/v1/operators")
            .role(Role.ADMIN)
            .summary("Every operator's certificates")
            .gives(OperatorView.All.class)
            .answers(ask -> Answer.of(new OperatorView.All(desk.all()))),
        Route.post("/v1/operators")
            .role(Role.ADMIN)
            .audited("operator add")
            .summary("Certify an operator's own key, with a role")
            .takes(Requests.Operator.class)
            .gives(OperatorView.Credential.class)
            .answers(ask -> add(desk, ask)),
        Route.post("/v1/operators/{id}/revoke")
            .role(Role.ADMIN)
            .audited("operator revoke")
            .summary("End every certificate of an operator, at once")
            .gives(OperatorView.All.class)
            .answers(ask -> Answer.of(new OperatorView.All(desk.revoke(ask.id(), ask.caller())))));
  }

  private static Answer add(OperatorDesk desk, Ask ask) {
    Requests.Operator request = ask.body(Requests.Operator.class);
    if (!request.name().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
      throw Problem.of(
              Code.Q1306,
              "an operator's name is 1 to 63 letters, digits and . _ - and begins with a letter or"
                  + " digit")
          .asException();
    }
    Role role =
        Role.parse(request.role())
            .orElseThrow(
                () ->
                    Problem.of(Code.Q1306, "the role must be viewer, operator or admin")
                        .asException());
    OperatorView.Credential credential =
        desk.add(
            request.name(),
            role,
            request.csrPem(),
            ClusterRoutes.ttl(request.ttlSeconds(), LONGEST),
            ask.caller());
    return Answer.of(
        credential,
        "%s as %s, serial %s"
            .formatted(request.name(), role.text(), credential.operator().serial()));
  }
}
