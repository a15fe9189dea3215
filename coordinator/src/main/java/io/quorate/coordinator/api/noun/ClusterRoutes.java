package io.quorate.coordinator.api.noun;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.control.Fleet;
import io.quorate.coordinator.api.route.Answer;
import io.quorate.coordinator.api.route.Ask;
import io.quorate.coordinator.api.route.Route;
import io.quorate.coordinator.api.v1.AccessView;
import io.quorate.coordinator.api.v1.Changed;
import io.quorate.coordinator.api.v1.ClusterStatus;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.pki.Role;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The clusters themselves. */
public final class ClusterRoutes {
  private ClusterRoutes() {}

  public static List<Route> of(Fleet fleet) {
    return List.of(
        Route.get("/v1/clusters")
            .role(Role.VIEWER)
            .summary("How all clusters are, worst first")
            .gives(ClusterStatus.All.class)
            .answers(ask -> Answer.of(new ClusterStatus.All(fleet.all()))),
        Route.get("/v1/clusters/{cluster}")
            .role(Role.VIEWER)
            .summary("How one cluster is, with its members")
            .gives(ClusterStatus.class)
            .answers(ask -> Answer.of(fleet.status(ask.cluster()))),
        Route.get("/v1/clusters/{cluster}/file")
            .role(Role.VIEWER)
            .summary("The owner's file as it was applied")
            .query("revision", "integer", "an earlier revision")
            .givesText("application/yaml")
            .answers(
                ask -> Answer.text("application/yaml", fleet.text(ask.cluster(), revision(ask)))),
        Route.delete("/v1/clusters/{cluster}")
            .role(Role.ADMIN)
            .audited("delete")
            .summary("Stop a cluster and forget it; its data stays on the hosts, renamed")
            .query("confirm", "string", "the cluster's name once more")
            .gives(Changed.class)
            .answers(
                ask -> {
                  ask.confirm(ask.text("confirm").orElse(""));
                  return Outcomes.changed(fleet.delete(ask.cluster(), ask.caller()));
                }),
        Route.get("/v1/clusters/{cluster}/access")
            .role(Role.VIEWER)
            .summary("Where clients reach it, and whom they trust")
            .gives(AccessView.class)
            .answers(ask -> Answer.of(fleet.access(ask.cluster()))),
        Route.post("/v1/clusters/{cluster}/client-certificates")
            .role(Role.ADMIN)
            .audited("client certificate")
            .summary("Certify a client's own key for the cluster")
            .takes(Requests.Credential.class)
            .gives(AccessView.Credential.class)
            .answers(ask -> certify(fleet, ask)));
  }

  private static Optional<Long> revision(Ask ask) {
    long revision = ask.number("revision", 0, 1, Long.MAX_VALUE);
    return revision == 0 ? Optional.empty() : Optional.of(revision);
  }

  private static Answer certify(Fleet fleet, Ask ask) {
    Requests.Credential request = ask.body(Requests.Credential.class);
    if (!request.commonName().matches("[A-Za-z0-9][A-Za-z0-9._:@-]{0,63}")) {
      throw Problem.of(
              Code.Q1306,
              "the common name must be 1 to 64 letters, digits and . _ : @ - and begin with a"
                  + " letter or digit")
          .asException();
    }
    AccessView.Credential credential =
        fleet.clientCertificate(
            ask.cluster(),
            request.commonName(),
            request.csrPem(),
            ttl(request.ttlSeconds(), Duration.ofDays(3650)),
            ask.caller());
    return Answer.of(credential, "serial " + credential.serial() + " for " + request.commonName());
  }

  static Optional<Duration> ttl(Optional<Long> seconds, Duration longest) {
    if (seconds.isPresent() && (seconds.get() < 1 || seconds.get() > longest.toSeconds())) {
      throw Problem.of(Code.Q1306, "ttlSeconds must be from 1 to %d".formatted(longest.toSeconds()))
          .asException();
    }
    return seconds.map(Duration::ofSeconds);
  }
}
