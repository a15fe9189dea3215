package io.quorate.coordinator.api.v1.codec;

import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Turns records into JSON: every component is a field of its name, in its order, always there
 * ({@code null} when an Optional is empty). Enums are lower-case words with dashes, instants are
 * RFC 3339 in whole milliseconds.
 */
public final class Records {
  private static final String VERSION = "v1";

  private Records() {}

  /** With the version in front: what a whole answer looks like. */
  public static Json.Dict document(Record record) {
    Map<String, Json> fields = new LinkedHashMap<>();
    fields.put("version", new Json.Text(VERSION));
    fields.putAll(write(record).fields());
    return new Json.Dict(fields);
  }

  public static Json.Dict write(Record record) {
    Shape shape = Shape.of(record.getClass());
    Map<String, Json> fields = new LinkedHashMap<>();
    for (RecordComponent component : shape.components()) {
      fields.put(component.getName(), value(shape.get(component, record)));
    }
    return new Json.Dict(fields);
  }

  private static Json value(Object value) {
    return switch (value) {
      case Optional<?> optional ->
          optional.isPresent() ? value(optional.get()) : new Json.Nothing();
      case List<?> list -> new Json.Array(list.stream().map(Records::value).toList());
      case Record record -> write(record);
      case Enum<?> word -> new Json.Text(word(word));
      case Instant instant -> new Json.Text(instant.truncatedTo(ChronoUnit.MILLIS).toString());
      case String text -> new Json.Text(text);
      case Boolean truth -> new Json.Truth(truth);
      case Integer whole -> new Json.Whole(whole);
      case Long whole -> new Json.Whole(whole);
      case Double real -> new Json.Real(real);
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    };
  }

  /** An enum's constant as it is written. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
