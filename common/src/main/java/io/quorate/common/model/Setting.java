package io.quorate.common.model;

import java.time.Duration;

/**
 * A typed value of one of etcd's own settings; the type decides how it is rendered, never its text.
 */
public sealed interface Setting {
  record Text(String value) implements Setting {
    @Override
    public String toString() {
      return value;
    }
  }

  record Whole(long value) implements Setting {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  record Truth(boolean value) implements Setting {
    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  /** etcd's YAML takes durations as integer nanoseconds. */
  record Span(Duration value) implements Setting {
    @Override
    public String toString() {
      return value.toMillis() % 1000 == 0 ? value.toSeconds() + "s" : value.toMillis() + "ms";
    }
  }
}
