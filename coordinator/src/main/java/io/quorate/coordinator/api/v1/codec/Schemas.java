package io.quorate.coordinator.api.v1.codec;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Describes records as JSON Schema, with references among them. */
public final class Schemas {
  private final Map<String, Json> definitions = new TreeMap<>();

  /** A reference to the record's schema, which from now on is among the definitions. */
  public Json.Dict reference(Class<?> record) {
    String name = name(record);
    if (!definitions.containsKey(name)) {
      // The place is taken first, for records that contain themselves.
      definitions.put(name, new Json.Nothing());
      definitions.put(name, describe(record));
    }
    return dict("$ref", new Json.Text("#/components/schemas/" + name));
  }

  public Json.Dict definitions() {
    return new Json.Dict(definitions);
  }

  private Json describe(Class<?> record) {
    Map<String, Json> properties = new LinkedHashMap<>();
    List<Json> required = new ArrayList<>();
    for (RecordComponent component : Shape.of(record).components()) {
      properties.put(component.getName(), schema(component.getGenericType()));
      if (required(component)) {
        required.add(new Json.Text(component.getName()));
      }
    }
    Map<String, Json> schema = new LinkedHashMap<>();
    schema.put("type", new Json.Text("object"));
    schema.put("properties", new Json.Dict(properties));
    if (!required.isEmpty()) {
      schema.put("required", new Json.Array(required));
    }
    return new Json.Dict(schema);
  }

  private static boolean required(RecordComponent component) {
    Class<?> type = component.getType();
    return type != Optional.class && type != List.class && type != boolean.class;
  }

  private Json schema(Type type) {
    Class<?> raw = Shape.raw(type);
    if (raw == Optional.class) {
      return nullable(schema(Shape.argument(type)));
    }
    if (raw == List.class) {
      Map<String, Json> list = new LinkedHashMap<>();
      list.put("type", new Json.Text("array"));
      list.put("items", schema(Shape.argument(type)));
      return new Json.Dict(list);
    }
    if (raw.isRecord()) {
      return reference(raw);
    }
    if (raw.isEnum()) {
      Map<String, Json> words = new LinkedHashMap<>();
      words.put("type", new Json.Text("string"));
      words.put(
          "enum",
          new Json.Array(
              Arrays.stream(raw.getEnumConstants())
                  .<Json>map(each -> new Json.Text(Records.word((Enum<?>) each)))
                  .toList()));
      return new Json.Dict(words);
    }
    return scalar(raw);
  }

  private static Json scalar(Class<?> raw) {
    if (raw == Instant.class) {
      Map<String, Json> time = new LinkedHashMap<>();
      time.put("type", new Json.Text("string"));
      time.put("format", new Json.Text("date-time"));
      return new Json.Dict(time);
    }
    if (raw == boolean.class) {
      return dict("type", new Json.Text("boolean"));
    }
    if (raw == String.class) {
      return dict("type", new Json.Text("string"));
    }
    boolean real = raw == double.class || raw == Double.class;
    return dict("type", new Json.Text(real ? "number" : "integer"));
  }

  private static Json nullable(Json schema) {
    return dict("anyOf", new Json.Array(List.of(schema, dict("type", new Json.Text("null")))));
  }

  private static Json.Dict dict(String key, Json value) {
    return new Json.Dict(Map.of(key, value));
  }

  /** ClusterStatus.Member is called ClusterStatusMember. */
  private static String name(Class<?> record) {
    Class<?> outer = record.getEnclosingClass();
    return outer == null ? record.getSimpleName() : outer.getSimpleName() + record.getSimpleName();
  }
}
