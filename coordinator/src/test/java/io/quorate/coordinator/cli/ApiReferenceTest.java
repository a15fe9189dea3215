package io.quorate.coordinator.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quorate.coordinator.api.Samples;
import io.quorate.coordinator.api.TestCoordinator;
import io.quorate.coordinator.api.v1.codec.Json;
import io.quorate.coordinator.api.v1.codec.JsonParser;
import io.quorate.coordinator.pki.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages about what machines ask, made from what is served to them. */
class ApiReferenceTest {
  private static final String MADE =
      "<!-- Made from what is served; a test compares. Change the code, then accept. -->\n";
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern HELP = Pattern.compile("# HELP (\\S+) (.*)");
  private static final Pattern SAMPLE = Pattern.compile("(quorate_\\w+)(?:\\{(.*)})? \\S+");

  @TempDir private Path folder;
  private TestCoordinator coordinator;

  @BeforeEach
  void start() {
    coordinator = new TestCoordinator(folder, () -> Samples.NOW);
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  @Test
  void routesAndTypes() {
    Json.Dict description =
        (Json.Dict) JsonParser.parse(coordinator.get("/v1/openapi.json").body());
    StringBuilder page = new StringBuilder("# The API\n").append(MADE);
    page.append(
        """
        HTTPS with a client certificate, on the coordinator's one port; what `quorate` itself \
        uses. The description in OpenAPI 3.1 is served at `/v1/openapi.json`.

        - Every answer is an object with `version: v1`. Fields are added within a version, never \
        renamed or removed; a field that a request does not know is refused (Q1306).
        - What is optional may be left out of a request; answers always have it, null or empty.
        - Ids are hex strings, times RFC 3339, sizes bytes, durations seconds.
        - An error has `code`, `sentence`, `causes`, `state`, `remedies`: see \
        [errors](../errors.md). Its status is 400, 401 (no certificate), 403 (role), 404, 409 \
        (conflict), 422 (refused for another reason) or 5xx.
        - Whatever changes something is in the audit trail before it happens, and its outcome \
        after.
        - Roles: `viewer` < `operator` < `admin`, each with what the ones before may; `none` is \
        open to all.

        | | route | role | audited |
        |---|---|---|---|
        """);
    StringBuilder details = new StringBuilder();
    fields(description.fields().get("paths"))
        .forEach(
            (path, operations) ->
                fields(operations)
                    .forEach((method, each) -> route(page, details, method, path, fields(each))));
    page.append('\n').append(details);
    page.append("## Types\n");
    Map<String, Json> types =
        new TreeMap<>(fields(fields(description.fields().get("components")).get("schemas")));
    types.forEach((name, type) -> type(page, name, fields(type)));
    Golden.page("api.md", page.toString());
  }

  private static void route(
      StringBuilder page,
      StringBuilder details,
      String method,
      String path,
      Map<String, Json> operation) {
    String route = method.toUpperCase(Locale.ROOT) + " " + path;
    page.append(
        "| %s | `%s` | %s | %s |%n"
            .formatted(
                text(operation.get("summary")),
                route,
                text(operation.get("x-quorate-role")),
                operation.get("x-quorate-audited") instanceof Json.Truth(boolean is) && is
                    ? "yes"
                    : ""));
    List<String> lines = new ArrayList<>();
    if (operation.get("parameters") instanceof Json.Array parameters) {
      for (Json each : parameters.items()) {
        Map<String, Json> parameter = fields(each);
        if (text(parameter.get("in")).equals("query")) {
          lines.add(
              "- `%s` (%s): %s"
                  .formatted(
                      text(parameter.get("name")),
                      text(fields(parameter.get("schema")).get("type")),
                      text(parameter.get("description"))));
        }
      }
    }
    Optional.ofNullable(operation.get("requestBody"))
        .ifPresent(body -> lines.add("- takes " + content(fields(body).get("content"))));
    lines.add(
        "- gives " + content(fields(fields(operation.get("responses")).get("200")).get("content")));
    details.append("**%s**%n%s%n%n".formatted(route, String.join("\n", lines)));
  }

  private static String content(@Nullable Json content) {
    Map.Entry<String, Json> only = fields(content).entrySet().iterator().next();
    Json schema = fields(only.getValue()).get("schema");
    return only.getKey().equals("application/json") && schema instanceof Json.Dict dict
        ? shape(dict.fields())
        : only.getKey();
  }

  private static void type(StringBuilder page, String name, Map<String, Json> type) {
    page.append("### ").append(name).append('\n');
    if (type.get("enum") != null) {
      page.append(shape(type)).append("\n\n");
      return;
    }
    page.append("| field | |\n|---|---|\n");
    List<String> required =
        type.get("required") instanceof Json.Array array
            ? array.items().stream().map(ApiReferenceTest::text).toList()
            : List.of();
    fields(type.get("properties"))
        .forEach(
            (field, shape) ->
                page.append(
                    "| `%s` | %s%s |%n"
                        .formatted(
                            field,
                            shape(fields(shape)),
                            required.contains(field) ? "" : ", optional")));
    page.append('\n');
  }

  private static String shape(Map<String, Json> schema) {
    Json reference = schema.get("$ref");
    if (reference != null) {
      String name = text(reference).replaceAll(".*/", "");
      return "[%s](#%s)".formatted(name, name.toLowerCase(Locale.ROOT));
    }
    if (schema.get("enum") instanceof Json.Array words) {
      return "one of "
          + String.join(", ", words.items().stream().map(word -> "`" + text(word) + "`").toList());
    }
    for (String several : List.of("anyOf", "oneOf")) {
      if (schema.get(several) instanceof Json.Array shapes) {
        return String.join(
            " or ", shapes.items().stream().map(each -> shape(fields(each))).toList());
      }
    }
    if (schema.get("items") instanceof Json.Dict items) {
      return "list of " + shape(items.fields());
    }
    Json type = schema.get("type");
    String word =
        type instanceof Json.Array types
            ? String.join(" or ", types.items().stream().map(ApiReferenceTest::text).toList())
            : text(type);
    return schema.get("format") == null ? word : word + " (" + text(schema.get("format")) + ")";
  }

  @Test
  void metrics() {
    coordinator.control().states(io.quorate.coordinator.api.v1.RolloutView.State.FAILED);
    String served = coordinator.get("/metrics").body();
    Map<String, String> help = new TreeMap<>();
    Map<String, String> labels = new TreeMap<>();
    Map<String, String> types = new TreeMap<>();
    for (String line : served.lines().toList()) {
      Matcher helped = HELP.matcher(line);
      Matcher typed = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (helped.matches()) {
        help.put(helped.group(1), helped.group(2));
      } else if (typed.matches()) {
        types.put(typed.group(1), typed.group(2));
      } else if (sample.matches()) {
        String names = sample.group(2) == null ? "" : sample.group(2).replaceAll("=\"[^\"]*\"", "");
        String family = sample.group(1).replaceAll("_(bucket|sum|count)$", "");
        boolean histogram = "histogram".equals(types.get(family));
        labels.put(histogram ? family : sample.group(1), names.replace(",", ", "));
      }
    }
    assertEquals(help.keySet(), labels.keySet());
    StringBuilder page = new StringBuilder("# Metrics\n").append(MADE);
    page.append(
        """
        The coordinator serves its own numbers at `/metrics` and the members to scrape at \
        `/sd/prometheus`, both to every operator's certificate; make one for Prometheus: \
        `quorate operator add prometheus --role viewer --out DIR`. Gauges are of what is known at \
        the moment, counters begin anew with the coordinator, histograms with the agent; labels \
        hold names, never ids, revisions or texts. \
        [Rules for alerts](prometheus-rules.yaml), each with its runbook, are ready to be loaded.

        | metric | | labels | |
        |---|---|---|---|
        """);
    help.forEach(
        (name, words) ->
            page.append(
                "| `%s` | %s | %s | %s |%n"
                    .formatted(name, types.get(name), labels.get(name), words)));
    page.append(
        """

        etcd's own metrics are scraped from the members, with the labels that etcd's public rules \
        and dashboards expect (`job="etcd-CLUSTER"`, `etcd_cluster`). Members want a client \
        certificate of their cluster: `quorate client-cert prod --cn prometheus --out DIR`.

        ```yaml
        scrape_configs:
          - job_name: quorate
            scheme: https
            tls_config: {ca_file: quorate/ca.crt, cert_file: quorate/operator.crt, \
        key_file: quorate/operator.key}
            static_configs: [{targets: ["coordinator.example:7443"]}]
          - job_name: etcd
            tls_config: {ca_file: prod/ca.crt, cert_file: prod/client.crt, \
        key_file: prod/client.key}
            http_sd_configs:
              - url: https://coordinator.example:7443/sd/prometheus
                tls_config: {ca_file: quorate/ca.crt, cert_file: quorate/operator.crt, \
        key_file: quorate/operator.key}
        ```

        The list is complete each time; when the coordinator cannot tell, it answers with 5xx and \
        Prometheus goes on with what it knows. Clusters have authorities of their own, so one job \
        for each cluster, with `relabel_configs` that keep its `etcd_cluster`.
        """);
    Golden.page("metrics.md", page.toString());
  }

  /** A metric that no sample shows would be missing from the page. */
  @Test
  void everyMetricOfTheCodeIsOnThePage() throws Exception {
    coordinator.control().states(io.quorate.coordinator.api.v1.RolloutView.State.FAILED);
    String served = coordinator.get("/metrics").body();
    String code =
        java.nio.file.Files.readString(
            Path.of("src/main/java/io/quorate/coordinator/api/machine/Metrics.java"));
    Matcher name = Pattern.compile("\"(quorate_\\w+)\"").matcher(code);
    List<String> missing = new ArrayList<>();
    while (name.find()) {
      if (!served.contains("# HELP " + name.group(1) + " ")) {
        missing.add(name.group(1));
      }
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void metricsAndTargetsAreForEveryOperatorAndNobodyElse() {
    for (Role role : Role.values()) {
      assertEquals(200, coordinator.ask(role, "GET", "/metrics", Optional.empty()).status());
      assertEquals(200, coordinator.ask(role, "GET", "/sd/prometheus", Optional.empty()).status());
    }
  }

  private static Map<String, Json> fields(@Nullable Json json) {
    return json instanceof Json.Dict dict ? dict.fields() : Map.of();
  }

  private static String text(@Nullable Json json) {
    return json instanceof Json.Text text ? text.value() : "";
  }
}
