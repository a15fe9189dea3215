package io.quorate.coordinator.api.noun;

import io.quorate.common.model.HostName;
import io.quorate.coordinator.api.control.HostDesk;
import io.quorate.coordinator.api.route.Answer;
import io.quorate.coordinator.api.route.Ask;
import io.quorate.coordinator.api.route.Route;
import io.quorate.coordinator.api.v1.HostView;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.pki.Role;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The hosts. */
public final class HostRoutes {
  private static final Duration LONGEST_TOKEN = Duration.ofHours(24);

  private HostRoutes() {}

  public static List<Route> of(HostDesk desk) {
    return List.of(
        Route.get("/v1/hosts")
            .role(Role.VIEWER)
            .summary("All hosts")
            .gives(HostView.All.class)
            .answers(ask -> Answer.of(new HostView.All(desk.all()))),
        Route.get("/v1/hosts/{host}")
            .role(Role.VIEWER)
            .summary("One host: facts, disks, members")
            .gives(HostView.class)
            .answers(ask -> Answer.of(desk.host(ask.host()))),
        Route.post("/v1/host-tokens")
            .role(Role.ADMIN)
            .audited("host token")
            .summary("A token with which one new host may join, once")
            .takes(Requests.Token.class)
            .gives(HostView.Token.class)
            .answers(ask -> token(desk, ask)),
        Route.post("/v1/hosts/{host}/revoke")
            .role(Role.ADMIN)
            .audited("host revoke")
            .summary("Never let this host in again")
            .query("confirm", "string", "the host's name once more, also while it carries members")
            .gives(HostView.class)
            .answers(ask -> Answer.of(revoke(desk, ask))),
        Route.post("/v1/hosts/{host}/drain")
            .role(Role.OPERATOR)
            .audited("host drain")
            .summary("Move the next cluster's member off this host, until none is left")
            .takes(Requests.Drain.class)
            .gives(HostView.Stage.class)
            .answers(
                ask -> {
                  List<String> to = ask.body(Requests.Drain.class).to();
                  to.forEach(HostName::of);
                  return stage(desk.drain(ask.host(), to, ask.caller()));
                }),
        Route.post("/v1/hosts/{host}/readdress")
            .role(Role.OPERATOR)
            .audited("host readdress")
            .summary("Give the next cluster's member on this host its new address")
            .takes(Requests.Readdress.class)
            .gives(HostView.Stage.class)
            .answers(
                ask ->
                    stage(
                        desk.readdress(
                            ask.host(),
                            ask.body(Requests.Readdress.class).address(),
                            ask.caller()))));
  }

  private static HostView revoke(HostDesk desk, Ask ask) {
    Optional<String> confirmed = ask.text("confirm");
    confirmed.ifPresent(ask::confirmHost);
    return desk.revoke(ask.host(), confirmed.isPresent(), ask.caller());
  }

  private static Answer stage(HostView.Stage stage) {
    return Answer.of(
        stage,
        stage
            .change()
            .map(c -> "%s, revision %d".formatted(c.cluster(), c.revision()))
            .orElse("nothing left"));
  }

  private static Answer token(HostDesk desk, Ask ask) {
    Requests.Token request = ask.body(Requests.Token.class);
    Optional<String> host = request.host().map(name -> HostName.of(name).value());
    return Answer.of(
        desk.token(host, ClusterRoutes.ttl(request.ttlSeconds(), LONGEST_TOKEN), ask.caller()),
        "for " + host.orElse("any host"));
  }
}
