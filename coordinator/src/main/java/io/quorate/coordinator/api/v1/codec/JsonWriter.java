package io.quorate.coordinator.api.v1.codec;

import java.util.Iterator;
import java.util.Map;

/** Writes JSON, on one line or indented by two. */
public final class JsonWriter {
  private final StringBuilder out = new StringBuilder();
  private final boolean indented;

  private JsonWriter(boolean indented) {
    this.indented = indented;
  }

  public static String compact(Json value) {
    return new JsonWriter(false).write(value, 0);
  }

  public static String indented(Json value) {
    return new JsonWriter(true).write(value, 0);
  }

  private String write(Json value, int depth) {
    append(value, depth);
    return out.toString();
  }

  private void append(Json value, int depth) {
    switch (value) {
      case Json.Dict dict -> dict(dict, depth);
      case Json.Array array -> array(array, depth);
      case Json.Text text -> quoted(text.value());
      case Json.Whole whole -> out.append(whole.value());
      case Json.Real real -> out.append(real(real.value()));
      case Json.Truth truth -> out.append(truth.value());
      case Json.Nothing nothing -> out.append("null");
    }
  }

  private void dict(Json.Dict dict, int depth) {
    if (dict.fields().isEmpty()) {
      out.append("{}");
      return;
    }
    out.append('{');
    Iterator<Map.Entry<String, Json>> fields = dict.fields().entrySet().iterator();
    while (fields.hasNext()) {
      Map.Entry<String, Json> field = fields.next();
      newLine(depth + 1);
      quoted(field.getKey());
      out.append(indented ? ": " : ":");
      append(field.getValue(), depth + 1);
      out.append(fields.hasNext() ? "," : "");
    }
    newLine(depth);
    out.append('}');
  }

  private void array(Json.Array array, int depth) {
    if (array.items().isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    Iterator<Json> items = array.items().iterator();
    while (items.hasNext()) {
      newLine(depth + 1);
      append(items.next(), depth + 1);
      out.append(items.hasNext() ? "," : "");
    }
    newLine(depth);
    out.append(']');
  }

  private void newLine(int depth) {
    if (indented) {
      out.append('\n').append("  ".repeat(depth));
    }
  }

  /** Quotes for JSON, which is also how YAML's double quotes work. */
  static String quote(String text) {
    JsonWriter writer = new JsonWriter(false);
    writer.quoted(text);
    return writer.out.toString();
  }

  static String real(double value) {
    // JSON has no word for these; a measure that is not a number is no measure.
    return Double.isFinite(value) ? Double.toString(value) : "null";
  }

  private void quoted(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          // Terminals act on control characters of both blocks; escaped they are only text.
          if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029') {
            out.append("\\u").append(String.format("%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
