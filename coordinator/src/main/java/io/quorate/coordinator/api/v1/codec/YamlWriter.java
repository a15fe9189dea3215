package io.quorate.coordinator.api.v1.codec;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes a JSON value as block YAML. Text is quoted whenever it could be taken for another type.
 */
public final class YamlWriter {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9_./-]*");
  private static final Pattern WORDS =
      Pattern.compile("(?i)true|false|yes|no|on|off|y|n|null|nan|inf");

  private final StringBuilder out = new StringBuilder();

  private YamlWriter() {}

  public static String write(Json value) {
    YamlWriter writer = new YamlWriter();
    writer.block(value, 0, false);
    return writer.out.toString();
  }

  private void block(Json value, int depth, boolean afterDash) {
    switch (value) {
      case Json.Dict dict when !dict.fields().isEmpty() -> {
        boolean first = afterDash;
        for (Map.Entry<String, Json> field : dict.fields().entrySet()) {
          indent(first ? 0 : depth).append(scalar(new Json.Text(field.getKey()))).append(':');
          first = false;
          child(field.getValue(), depth);
        }
      }
      case Json.Array array when !array.items().isEmpty() -> {
        for (Json item : array.items()) {
          indent(depth).append("- ");
          block(item, depth + 1, true);
        }
      }
      default -> out.append(scalar(value)).append('\n');
    }
  }

  private void child(Json value, int depth) {
    boolean nested =
        (value instanceof Json.Dict dict && !dict.fields().isEmpty())
            || (value instanceof Json.Array array && !array.items().isEmpty());
    if (nested) {
      out.append('\n');
      block(value, depth + 1, false);
    } else {
      out.append(' ').append(scalar(value)).append('\n');
    }
  }

  private StringBuilder indent(int depth) {
    return out.append("  ".repeat(depth));
  }

  private static String scalar(Json value) {
    return switch (value) {
      case Json.Text text -> text(text.value());
      case Json.Dict dict -> "{}";
      case Json.Array array -> "[]";
      default -> JsonWriter.compact(value);
    };
  }

  private static String text(String text) {
    boolean plain = PLAIN.matcher(text).matches() && !WORDS.matcher(text).matches();
    return plain ? text : JsonWriter.quote(text);
  }
}
