package io.quorate.coordinator.api.v1.codec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON value. Small and of its own, because the command line must start without a library. */
public sealed interface Json {
  record Dict(Map<String, Json> fields) implements Json {
    public Dict {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
  }

  record Array(List<Json> items) implements Json {
    public Array {
      items = List.copyOf(items);
    }
  }

  record Text(String value) implements Json {}

  record Whole(long value) implements Json {}

  record Real(double value) implements Json {}

  record Truth(boolean value) implements Json {}

  record Nothing() implements Json {}
}
