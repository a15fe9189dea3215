package io.quorate.coordinator.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.route.Route;
import io.quorate.coordinator.api.v1.codec.Json;
import io.quorate.coordinator.api.v1.codec.JsonParser;
import io.quorate.coordinator.pki.Role;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What machines ask: numbers, targets, the description. */
class MachineTest {
  @TempDir private Path folder;
  private TestCoordinator coordinator;

  @BeforeEach
  void start() {
    coordinator = new TestCoordinator(folder);
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  @Test
  void theDescriptionAndTheRoutesAreTheSame() {
    Json description = JsonParser.parse(coordinator.get("/v1/openapi.json").body());
    Set<String> described = new TreeSet<>();
    fields(fields(description, "paths"))
        .forEach(
            (path, operations) ->
                fields(operations)
                    .keySet()
                    .forEach(
                        method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path)));
    Set<String> routed = new TreeSet<>();
    routes().forEach(route -> routed.add(route.method() + " " + route.path()));
    assertEquals(routed, described);
    for (Route route : routes()) {
      Json operation =
          fields(fields(fields(description, "paths"), route.path()))
              .getOrDefault(route.method().toLowerCase(Locale.ROOT), new Json.Text("missing"));
      assertEquals(
          new Json.Text(route.access().role().map(Role::text).orElse("none")),
          fields(operation).get("x-quorate-role"));
    }
  }

  @Test
  void everyReferenceOfTheDescriptionLeadsSomewhere() {
    String text = coordinator.get("/v1/openapi.json").body();
    Json schemas = fields(fields(JsonParser.parse(text), "components"), "schemas");
    text.lines()
        .filter(line -> line.contains("#/components/schemas/"))
        .map(line -> line.replaceAll(".*#/components/schemas/(\\w+).*", "$1"))
        .forEach(name -> assertTrue(fields(schemas).containsKey(name), name));
  }

  @Test
  void metricsAreInPrometheusFormat() {
    String page = coordinator.get("/metrics").body();
    for (String line : page.split("\n", -1)) {
      assertTrue(
          line.isEmpty()
              || line.matches("# (HELP|TYPE) quorate_[a-z0-9_]+ .+")
              || line.matches(
                  "quorate_[a-z0-9_]+(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*})? -?[0-9.]+"),
          line);
    }
    assertTrue(page.contains("quorate_agents_connected 2\n"), page);
    String fsync =
        "quorate_disk_fsync_seconds_%s{host=\"node-1\",etcd_cluster=\"prod\",purpose=\"data\"%s} %s\n";
    assertTrue(page.contains(fsync.formatted("bucket", ",le=\"0.004\"", "95")), page);
    assertTrue(page.contains(fsync.formatted("bucket", ",le=\"+Inf\"", "100")), page);
    assertTrue(page.contains(fsync.formatted("sum", "", "0.25")), page);
    assertTrue(page.contains(fsync.formatted("count", "", "100")), page);
    assertTrue(page.contains("# TYPE quorate_disk_fsync_seconds histogram\n"), page);
    assertTrue(page.contains("# TYPE quorate_preflight_failures_total counter\n"), page);
    assertTrue(page.contains("quorate_preflight_failures_total{check=\"disk.space\"} 2\n"), page);
    assertTrue(
        page.contains("quorate_snapshot_duration_seconds{etcd_cluster=\"prod\"} 2.4\n"), page);
    assertTrue(page.contains("quorate_cluster_failure_tolerance{etcd_cluster=\"prod\"} 1\n"), page);
    assertTrue(
        page.contains(
            "quorate_disk_fsync_p99_seconds{host=\"node-1\",etcd_cluster=\"prod\",purpose=\"data\"}"
                + " 0.006\n"),
        page);
  }

  @Test
  void everyMemberIsATarget() {
    String page = coordinator.get("/sd/prometheus").body();
    assertEquals(3, ((Json.Array) JsonParser.parse(page)).items().size());
    assertTrue(page.contains("\"10.77.0.11:2379\""), page);
    assertTrue(page.contains("\"job\": \"etcd-prod\""), page);
  }

  @Test
  void troubleInsideIsNeverAnEmptyListOfTargets() {
    coordinator.control().refuse("clusters", Problem.of(Code.Q1315, "the store cannot be read"));
    assertEquals(503, coordinator.get("/sd/prometheus").status());
  }

  @Test
  void healthIsForEverybody() throws Exception {
    try (var client =
        Stranger.client(coordinator.port(), Stranger.trusting(coordinator.trusted()))) {
      var reply =
          client.send("GET", "/healthz", Optional.empty(), java.time.Duration.ofSeconds(20));
      assertEquals("ok\n", reply.body());
    }
  }

  private java.util.List<Route> routes() {
    return RouteTable.of(
        new ApiRouter.Setup(
            coordinator.control().control(coordinator.audit()),
            chain -> Optional.empty(),
            InstantSource.system(),
            "0.1-test"),
        pause -> {});
  }

  private static java.util.Map<String, Json> fields(Json json) {
    return ((Json.Dict) json).fields();
  }

  private static Json fields(Json json, String name) {
    Json found = fields(json).get(name);
    if (found == null) {
      throw new AssertionError("no " + name);
    }
    return found;
  }
}
