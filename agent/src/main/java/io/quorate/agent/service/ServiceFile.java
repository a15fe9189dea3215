package io.quorate.agent.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.Host;
import io.quorate.common.model.ClusterName;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is durable about a supervised service: its definition, what is wanted, how it has fared. */
record ServiceFile(
    Optional<ServiceDefinition> definition, Wanted wanted, Past past, String bootId) {

  record Wanted(boolean up, boolean enabled) {}

  record Past(int restarts, int failures, int exitCode) {}

  static ServiceFile read(Host host, Path path) throws IOException {
    Optional<String> text = host.text(path);
    if (text.isEmpty()) {
      return new ServiceFile(
          Optional.empty(), new Wanted(false, false), new Past(0, 0, 0), host.bootId());
    }
    JsonObject json = new JsonObject(text.get());
    return new ServiceFile(
        Optional.ofNullable(json.getJsonObject("definition")).map(ServiceFile::definition),
        new Wanted(json.getBoolean("up"), json.getBoolean("enabled")),
        new Past(
            json.getInteger("restarts"), json.getInteger("failures"), json.getInteger("exitCode")),
        json.getString("bootId"));
  }

  void write(Host host, Path path) throws IOException {
    JsonObject json =
        new JsonObject()
            .put("up", up())
            .put("enabled", enabled())
            .put("restarts", restarts())
            .put("failures", failures())
            .put("exitCode", exitCode())
            .put("bootId", bootId);
    definition.ifPresent(it -> json.put("definition", json(it)));
    host.write(path, json.encodePrettily().getBytes(UTF_8), Access.SECRET);
  }

  boolean up() {
    return wanted.up;
  }

  boolean enabled() {
    return wanted.enabled;
  }

  int restarts() {
    return past.restarts;
  }

  int failures() {
    return past.failures;
  }

  int exitCode() {
    return past.exitCode;
  }

  ServiceFile withDefinition(ServiceDefinition newDefinition) {
    return new ServiceFile(Optional.of(newDefinition), wanted, past, bootId);
  }

  ServiceFile withUp(boolean up) {
    return new ServiceFile(definition, new Wanted(up, wanted.enabled), past, bootId);
  }

  ServiceFile withEnabled(boolean enabled) {
    return new ServiceFile(definition, new Wanted(wanted.up, enabled), past, bootId);
  }

  ServiceFile withFailures(int failures) {
    return withPast(new Past(past.restarts, failures, past.exitCode));
  }

  ServiceFile withExitCode(int exitCode) {
    return withPast(new Past(past.restarts, past.failures, exitCode));
  }

  ServiceFile withFailureMore() {
    return withPast(new Past(past.restarts + 1, past.failures + 1, past.exitCode));
  }

  private ServiceFile withPast(Past newPast) {
    return new ServiceFile(definition, wanted, newPast, bootId);
  }

  /** After a boot, what was up is up again only if it is enabled, and the past is forgotten. */
  ServiceFile afterBoot(String newBootId) {
    return new ServiceFile(
        definition,
        new Wanted(wanted.enabled, wanted.enabled),
        new Past(past.restarts, 0, past.exitCode),
        newBootId);
  }

  private static JsonObject json(ServiceDefinition definition) {
    JsonObject unit = new JsonObject();
    definition.unit().forEach(unit::put);
    return new JsonObject()
        .put("cluster", definition.cluster().value())
        .put("executable", definition.executable().toString())
        .put("configuration", definition.configuration().toString())
        .put("environment", definition.environment().toString())
        .put("writable", new JsonArray(definition.writable().stream().map(Path::toString).toList()))
        .put("unit", unit);
  }

  private static ServiceDefinition definition(JsonObject json) {
    List<Path> writable =
        json.getJsonArray("writable").stream().map(it -> Path.of(it.toString())).toList();
    SortedMap<String, String> unit = new TreeMap<>();
    json.getJsonObject("unit").forEach(entry -> unit.put(entry.getKey(), "" + entry.getValue()));
    return new ServiceDefinition(
        ClusterName.of(json.getString("cluster")),
        Path.of(json.getString("executable")),
        Path.of(json.getString("configuration")),
        Path.of(json.getString("environment")),
        writable,
        unit);
  }
}
