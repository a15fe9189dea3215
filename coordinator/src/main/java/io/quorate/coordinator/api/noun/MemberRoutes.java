package io.quorate.coordinator.api.noun;

import io.quorate.common.model.HostName;
import io.quorate.common.model.MemberName;
import io.quorate.coordinator.api.control.Members;
import io.quorate.coordinator.api.route.Answer;
import io.quorate.coordinator.api.route.Route;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.MoveWay;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.pki.Role;
import java.util.List;

/** Changes of single members. */
public final class MemberRoutes {
  private MemberRoutes() {}

  public static List<Route> of(Members members) {
    return List.of(
        Route.post("/v1/clusters/{cluster}/members/{member}/replace")
            .role(Role.OPERATOR)
            .audited("member replace")
            .summary("A new member on another host takes its place: new identity, learner first")
            .takes(Requests.Replace.class)
            .gives(Changed.class)
            .answers(
                ask -> {
                  Requests.Replace request = ask.body(Requests.Replace.class);
                  HostName.of(request.with());
                  return Outcomes.changed(
                      members.replace(ask.cluster(), ask.member(), request, ask.caller()));
                }),
        Route.post("/v1/clusters/{cluster}/members/{member}/move")
            .role(Role.OPERATOR)
            .audited("member move")
            .summary("The same member on another host; a new one where that is the better way")
            .takes(Requests.Move.class)
            .gives(Changed.class)
            .answers(
                ask -> {
                  Requests.Move request = ask.body(Requests.Move.class);
                  HostName.of(request.to());
                  return Outcomes.changed(
                      members.move(ask.cluster(), ask.member(), request, ask.caller()));
                }),
        Route.post("/v1/clusters/{cluster}/members/{member}/move/way")
            .role(Role.OPERATOR)
            .summary("How such a move would go, and why; changes nothing")
            .takes(Requests.Move.class)
            .gives(MoveWay.class)
            .answers(
                ask -> {
                  Requests.Move request = ask.body(Requests.Move.class);
                  HostName.of(request.to());
                  return Answer.of(members.way(ask.cluster(), ask.member(), request));
                }),
        Route.delete("/v1/clusters/{cluster}/members/{member}")
            .role(Role.OPERATOR)
            .audited("member remove")
            .summary("Take a member out of the cluster; its data is kept aside")
            .gives(Changed.class)
            .answers(
                ask -> Outcomes.changed(members.remove(ask.cluster(), ask.member(), ask.caller()))),
        Route.post("/v1/clusters/{cluster}/restart")
            .role(Role.OPERATOR)
            .audited("restart")
            .summary("Restart members, one after the other, through the gates")
            .takes(Requests.Restart.class)
            .gives(Changed.class)
            .answers(
                ask ->
                    Outcomes.changed(
                        members.restart(
                            ask.cluster(),
                            names(ask.body(Requests.Restart.class).members()),
                            ask.caller()))),
        Route.post("/v1/clusters/{cluster}/certificates/rotate")
            .role(Role.OPERATOR)
            .audited("certificates rotate")
            .summary("New certificates for members")
            .takes(Requests.RotateCertificates.class)
            .gives(Changed.class)
            .answers(
                ask ->
                    Outcomes.changed(
                        members.rotateCertificates(
                            ask.cluster(),
                            names(ask.body(Requests.RotateCertificates.class).members()),
                            ask.caller()))));
  }

  private static List<String> names(List<String> members) {
    return members.stream().map(name -> MemberName.of(name).value()).toList();
  }
}
