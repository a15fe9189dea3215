package io.quorate.coordinator.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.pki.Credentials;
import io.quorate.coordinator.api.route.Route;
import io.quorate.coordinator.api.v1.Requests;
import io.quorate.coordinator.cli.http.HttpsClient;
import io.quorate.coordinator.cli.http.Reply;
import io.quorate.coordinator.pki.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every route, asked by everybody. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolesTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final Map<Class<? extends Record>, String> BODIES =
      Map.ofEntries(
          Map.entry(Requests.Spec.class, "{\"text\":\"cluster: prod\"}"),
          Map.entry(Requests.Apply.class, "{\"text\":\"cluster: prod\"}"),
          Map.entry(Requests.ApplyPlan.class, "{}"),
          Map.entry(Requests.Check.class, "{\"cluster\":\"prod\"}"),
          Map.entry(Requests.Reason.class, "{}"),
          Map.entry(Requests.Abort.class, "{}"),
          Map.entry(Requests.Drain.class, "{}"),
          Map.entry(Requests.Readdress.class, "{\"address\":\"10.77.0.99\"}"),
          Map.entry(Requests.Replace.class, "{\"with\":\"node-4\"}"),
          Map.entry(Requests.Move.class, "{\"to\":\"node-4\"}"),
          Map.entry(Requests.Restart.class, "{}"),
          Map.entry(Requests.RotateCertificates.class, "{}"),
          Map.entry(Requests.Restore.class, "{\"snapshot\":\"s1\",\"confirm\":\"prod\"}"),
          Map.entry(Requests.Recover.class, "{\"confirm\":\"prod\"}"),
          Map.entry(Requests.Salvage.class, "{\"host\":\"node-1\",\"data\":\"/data\"}"),
          Map.entry(Requests.Token.class, "{}"),
          Map.entry(
              Requests.Operator.class, "{\"name\":\"bob\",\"role\":\"viewer\",\"csrPem\":\"x\"}"),
          Map.entry(Requests.Credential.class, "{\"commonName\":\"root\",\"csrPem\":\"x\"}"));

  private TestCoordinator coordinator;
  private List<Route> routes;

  @BeforeAll
  void start(@TempDir Path folder) {
    coordinator = new TestCoordinator(folder);
    routes =
        RouteTable.of(
            new ApiRouter.Setup(
                coordinator.control().control(coordinator.audit()),
                chain -> Optional.empty(),
                InstantSource.system(),
                "0.1-test"),
            pause -> {});
  }

  @AfterAll
  void stop() {
    coordinator.close();
  }

  @Test
  void everyRouteLetsInItsRoleAndThoseAboveAndNobodyElse() {
    List<String> wrong = new ArrayList<>();
    for (Role role : Role.values()) {
      try (HttpsClient client = coordinator.client(coordinator.operator(role))) {
        for (Route route : routes) {
          boolean may = route.access().role().map(least -> role.compareTo(least) >= 0).orElse(true);
          int status = ask(client, route).status();
          if (status != (may ? 200 : 403)) {
            wrong.add(role + " " + route.method() + " " + route.path() + ": " + status);
          }
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void anAgentsCertificateReachesNothing() {
    assertEquals(List.of(), reachedBy(coordinator.client(coordinator.agent()), 403));
  }

  @Test
  void withoutACertificateNothingIsReachedButHealth() throws Exception {
    SSLContext nobody = Stranger.trusting(coordinator.trusted());
    List<String> wrong = new ArrayList<>();
    for (Route route : routes) {
      try (HttpsClient client = Stranger.client(coordinator.port(), nobody)) {
        int status = ask(client, route).status();
        if (status != (route.path().equals("/healthz") ? 200 : 401)) {
          wrong.add(route.method() + " " + route.path() + ": " + status);
        }
      }
    }
    assertEquals(List.of(), wrong);
    try (HttpsClient client = Stranger.client(coordinator.port(), nobody)) {
      assertEquals(401, client.send("GET", "/v1/nothing", Optional.empty(), DEADLINE).status());
    }
  }

  @Test
  void whoeverIsRefusedHasNoEffect() {
    Credentials viewer = coordinator.operator(Role.VIEWER);
    int before = coordinator.control().calls().size();
    try (HttpsClient client = coordinator.client(viewer)) {
      client.send("DELETE", "/v1/clusters/prod?confirm=prod", Optional.empty(), DEADLINE);
    }
    assertEquals(before, coordinator.control().calls().size());
    assertTrue(
        coordinator.audit().list(0, 10_000).stream()
            .anyMatch(
                entry ->
                    entry.what().equals("delete")
                        && entry.outcome().equals("denied")
                        && entry.who().equals("ann-viewer")
                        && entry.subject().equals("prod")));
  }

  @Test
  void whateverChangesSomethingNeedsMoreThanAViewerAndIsAudited() {
    Set<String> harmless = Set.of("/v1/plans", "/v1/clusters/{cluster}/members/{member}/move/way");
    for (Route route : routes) {
      if (!route.method().equals("GET") && !harmless.contains(route.path())) {
        assertTrue(route.access().audited(), route.path());
        assertTrue(route.access().role().orElseThrow() != Role.VIEWER, route.path());
      }
    }
  }

  private List<String> reachedBy(HttpsClient client, int refusal) {
    List<String> reached = new ArrayList<>();
    try (client) {
      for (Route route : routes) {
        int status = ask(client, route).status();
        if (route.access().role().isPresent() && status != refusal) {
          reached.add(route.method() + " " + route.path() + ": " + status);
        }
      }
    }
    return reached;
  }

  private static Reply ask(HttpsClient client, Route route) {
    String path =
        route
            .path()
            .replace("{cluster}", "prod")
            .replace("{member}", "etcd-1")
            .replace("{host}", "node-1")
            .replace("{id}", "7f3c")
            .replace("{number}", "118");
    if (route.path().equals("/v1/clusters/{cluster}") && route.method().equals("DELETE")) {
      path += "?confirm=prod";
    }
    Optional<String> body = route.description().request().map(BODIES::get);
    if (route.work() instanceof Route.Upload) {
      body = Optional.of("archive");
    }
    return client.send(route.method(), path, body.map(HttpsClient.Body::json), DEADLINE);
  }
}
