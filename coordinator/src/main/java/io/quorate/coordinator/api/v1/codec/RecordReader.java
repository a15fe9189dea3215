package io.quorate.coordinator.api.v1.codec;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Turns JSON into records. A request is read strictly: a field that the record does not have is
 * refused by name, and so is one that is missing (an Optional or a List may be). An answer is read
 * by an older or newer client, so unknown fields are passed over and missing ones take a neutral
 * value.
 */
public final class RecordReader {
  private final boolean strict;

  private RecordReader(boolean strict) {
    this.strict = strict;
  }

  public static <T extends Record> T request(Json json, Class<T> type) {
    return type.cast(new RecordReader(true).record(json, type, ""));
  }

  public static <T extends Record> T answer(Json json, Class<T> type) {
    return type.cast(new RecordReader(false).record(json, type, ""));
  }

  private Object record(Json json, Class<?> type, String path) {
    if (!(json instanceof Json.Dict dict)) {
      throw refuse("%s must be an object".formatted(path.isEmpty() ? "the body" : path));
    }
    Shape shape = Shape.of(type);
    Map<String, Json> rest = new HashMap<>(dict.fields());
    Object[] values = new Object[shape.components().size()];
    for (int i = 0; i < values.length; i++) {
      RecordComponent component = shape.components().get(i);
      Json field = rest.remove(component.getName());
      values[i] =
          value(
              field == null ? new Json.Nothing() : field,
              component.getGenericType(),
              path.isEmpty() ? component.getName() : path + "." + component.getName());
    }
    if (strict && !rest.isEmpty()) {
      throw unknown(rest.keySet().iterator().next(), path, shape);
    }
    return shape.make(values);
  }

  private Object value(Json json, Type type, String path) {
    Class<?> raw = Shape.raw(type);
    if (raw == Optional.class) {
      return json instanceof Json.Nothing
          ? Optional.empty()
          : Optional.of(value(json, Shape.argument(type), path));
    }
    if (raw == List.class) {
      return list(json, Shape.argument(type), path);
    }
    if (json instanceof Json.Nothing) {
      return missing(raw, path);
    }
    if (raw.isRecord()) {
      return record(json, raw, path);
    }
    return scalar(json, raw, path);
  }

  private List<Object> list(Json json, Type item, String path) {
    if (json instanceof Json.Nothing) {
      return List.of();
    }
    if (!(json instanceof Json.Array array)) {
      throw refuse("%s must be a list".formatted(path));
    }
    List<Object> items = new ArrayList<>();
    for (Json each : array.items()) {
      items.add(value(each, item, "%s[%d]".formatted(path, items.size())));
    }
    return items;
  }

  private static Object scalar(Json json, Class<?> raw, String path) {
    if (json instanceof Json.Text text) {
      if (raw == String.class) {
        return text.value();
      }
      if (raw == Instant.class) {
        return instant(text.value(), path);
      }
      if (raw.isEnum()) {
        return constant(text.value(), raw, path);
      }
    }
    if (json instanceof Json.Truth truth && raw == boolean.class) {
      return truth.value();
    }
    if (json instanceof Json.Whole whole) {
      if (raw == long.class || raw == Long.class) {
        return whole.value();
      }
      if (raw == int.class && whole.value() == (int) whole.value()) {
        return (int) whole.value();
      }
      if (raw == double.class || raw == Double.class) {
        return (double) whole.value();
      }
    }
    if (json instanceof Json.Real real && (raw == double.class || raw == Double.class)) {
      return real.value();
    }
    throw refuse("%s must be %s".formatted(path, name(raw)));
  }

  private Object missing(Class<?> raw, String path) {
    if (raw == boolean.class && !strict) {
      return false;
    }
    if (raw == long.class && !strict) {
      return 0L;
    }
    if (raw == int.class && !strict) {
      return 0;
    }
    if (raw == double.class && !strict) {
      return Double.NaN;
    }
    if (raw == String.class && !strict) {
      return "";
    }
    if (raw == boolean.class) {
      // A flag that nobody raised.
      return false;
    }
    throw refuse("%s is missing".formatted(path));
  }

  private static Object instant(String text, String path) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw refuse("%s must be a time such as 2026-01-31T12:00:00Z".formatted(path));
    }
  }

  private static Object constant(String text, Class<?> raw, String path) {
    List<Enum<?>> constants =
        Arrays.stream(raw.getEnumConstants()).<Enum<?>>map(each -> (Enum<?>) each).toList();
    return constants.stream()
        .filter(each -> Records.word(each).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                refuse(
                    "%s must be one of %s"
                        .formatted(
                            path,
                            constants.stream()
                                .map(Records::word)
                                .collect(Collectors.joining(", ")))));
  }

  private static String name(Class<?> raw) {
    if (raw == int.class || raw == long.class || raw == Long.class) {
      return "a whole number";
    }
    if (raw == double.class || raw == Double.class) {
      return "a number";
    }
    return raw == boolean.class ? "true or false" : "text";
  }

  private static QuorateException unknown(String field, String path, Shape shape) {
    String known =
        shape.components().stream().map(RecordComponent::getName).collect(Collectors.joining(", "));
    return Problem.of(
            Code.Q1306,
            "unknown field '%s'%s"
                .formatted(Printable.of(field), path.isEmpty() ? "" : " in " + path))
        .withRemedy("use only: " + known)
        .asException();
  }

  private static QuorateException refuse(String sentence) {
    return Problem.of(Code.Q1306, sentence).asException();
  }
}
