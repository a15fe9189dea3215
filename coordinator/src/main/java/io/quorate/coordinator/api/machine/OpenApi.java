package io.quorate.coordinator.api.machine;

import io.quorate.coordinator.api.route.Route;
import io.quorate.coordinator.api.v1.ErrorView;
import io.quorate.coordinator.api.v1.codec.Json;
import io.quorate.coordinator.api.v1.codec.Schemas;
import io.quorate.coordinator.pki.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The OpenAPI 3.1 description of the routes: read from the same table that the router is made from,
 * and from the records that are sent, so that it cannot say anything else.
 */
public final class OpenApi {
  private final Schemas schemas = new Schemas();

  private OpenApi() {}

  public static Json.Dict describe(List<Route> routes, String version) {
    return new OpenApi().document(routes, version);
  }

  private Json.Dict document(List<Route> routes, String version) {
    Map<String, Map<String, Json>> paths = new LinkedHashMap<>();
    for (Route route : routes) {
      paths
          .computeIfAbsent(route.path(), first -> new LinkedHashMap<>())
          .put(route.method().toLowerCase(Locale.ROOT), operation(route));
    }
    Json error = schemas.reference(ErrorView.class);
    Map<String, Json> all = new LinkedHashMap<>();
    paths.forEach((path, operations) -> all.put(path, new Json.Dict(operations)));
    Map<String, Json> components = new LinkedHashMap<>();
    components.put("schemas", schemas.definitions());
    components.put(
        "responses",
        dict(
            "Error",
            response(
                "Refused: code, sentence, causes, state, remedies", "application/json", error)));
    components.put("securitySchemes", dict("clientCertificate", dict("type", text("mutualTLS"))));
    Map<String, Json> document = new LinkedHashMap<>();
    document.put("openapi", text("3.1.0"));
    Map<String, Json> info = new LinkedHashMap<>();
    info.put("title", text("Quorate"));
    info.put("version", text(version));
    info.put(
        "description",
        text(
            "Every answer is an object whose field version is v1. Ids are hex strings, times RFC"
                + " 3339, sizes bytes. Roles: viewer, operator, admin, each with what the ones"
                + " before may."));
    document.put("info", new Json.Dict(info));
    document.put("paths", new Json.Dict(all));
    document.put("components", new Json.Dict(components));
    return new Json.Dict(document);
  }

  private Json operation(Route route) {
    Route.Description description = route.description();
    Map<String, Json> operation = new LinkedHashMap<>();
    operation.put("operationId", text(operationId(route)));
    operation.put("summary", text(description.summary()));
    operation.put("x-quorate-role", text(route.access().role().map(Role::text).orElse("none")));
    operation.put("x-quorate-audited", new Json.Truth(route.access().audited()));
    List<Json> security = new ArrayList<>();
    route
        .access()
        .role()
        .ifPresent(role -> security.add(dict("clientCertificate", new Json.Array(List.of()))));
    operation.put("security", new Json.Array(security));
    List<Json> parameters = new ArrayList<>();
    route
        .segments()
        .forEach(
            name ->
                parameters.add(
                    parameter(name, "path", name.equals("number") ? "integer" : "string", "")));
    description
        .query()
        .forEach(
            each -> parameters.add(parameter(each.name(), "query", each.type(), each.summary())));
    if (!parameters.isEmpty()) {
      operation.put("parameters", new Json.Array(parameters));
    }
    body(route).ifPresent(body -> operation.put("requestBody", body));
    Map<String, Json> responses = new LinkedHashMap<>();
    Json schema =
        description.reply().view().<Json>map(schemas::reference).orElse(new Json.Dict(Map.of()));
    responses.put("200", response("Done", description.reply().contentType(), schema));
    responses.put("default", dict("$ref", text("#/components/responses/Error")));
    operation.put("responses", new Json.Dict(responses));
    return new Json.Dict(operation);
  }

  private java.util.Optional<Json> body(Route route) {
    if (route.work() instanceof Route.Upload) {
      return java.util.Optional.of(body("application/octet-stream", new Json.Dict(Map.of())));
    }
    return route
        .description()
        .request()
        .map(type -> body("application/json", schemas.reference(type)));
  }

  private static Json body(String contentType, Json schema) {
    Map<String, Json> body = new LinkedHashMap<>();
    body.put("required", new Json.Truth(true));
    body.put("content", dict(contentType, dict("schema", schema)));
    return new Json.Dict(body);
  }

  private static Json parameter(String name, String in, String type, String summary) {
    Map<String, Json> parameter = new LinkedHashMap<>();
    parameter.put("name", text(name));
    parameter.put("in", text(in));
    parameter.put("required", new Json.Truth(in.equals("path")));
    if (!summary.isEmpty()) {
      parameter.put("description", text(summary));
    }
    parameter.put("schema", dict("type", text(type)));
    return new Json.Dict(parameter);
  }

  private static Json response(String description, String contentType, Json schema) {
    Map<String, Json> response = new LinkedHashMap<>();
    response.put("description", text(description));
    response.put("content", dict(contentType, dict("schema", schema)));
    return new Json.Dict(response);
  }

  /** The method and the words of the path. */
  private static String operationId(Route route) {
    return (route.method().toLowerCase(Locale.ROOT) + route.path())
        .replaceAll("[{}]", "")
        .replaceAll("[/.]+", "-");
  }

  private static Json text(String value) {
    return new Json.Text(value);
  }

  private static Json.Dict dict(String key, Json value) {
    return new Json.Dict(Map.of(key, value));
  }
}
