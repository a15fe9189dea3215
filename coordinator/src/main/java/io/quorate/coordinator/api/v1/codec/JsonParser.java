package io.quorate.coordinator.api.v1.codec;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.common.error.QuorateException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON to the letter of RFC 8259, and stricter where leniency hides mistakes: a key that
 * occurs twice, whole numbers beyond 64 bits and deep nesting are refused. Refusals carry code
 * Q1306 and say where.
 */
public final class JsonParser {
  private static final int DEEPEST = 32;

  private final String text;
  private int at;

  private JsonParser(String text) {
    this.text = text;
  }

  public static Json parse(String text) {
    JsonParser parser = new JsonParser(text);
    Json value = parser.value(0);
    parser.blanks();
    if (parser.at < text.length()) {
      throw parser.refuse("something follows the end of the value");
    }
    return value;
  }

  private Json value(int depth) {
    if (depth > DEEPEST) {
      throw refuse("nested deeper than %d levels".formatted(DEEPEST));
    }
    blanks();
    return switch (peek()) {
      case '{' -> dict(depth);
      case '[' -> array(depth);
      case '"' -> new Json.Text(string());
      case 't' -> word("true", new Json.Truth(true));
      case 'f' -> word("false", new Json.Truth(false));
      case 'n' -> word("null", new Json.Nothing());
      default -> number();
    };
  }

  private Json dict(int depth) {
    Map<String, Json> fields = new LinkedHashMap<>();
    at++;
    blanks();
    if (peek() == '}') {
      at++;
      return new Json.Dict(fields);
    }
    while (true) {
      blanks();
      if (peek() != '"') {
        throw refuse("expected a key in double quotes");
      }
      String key = string();
      blanks();
      expect(':');
      if (fields.put(key, value(depth + 1)) != null) {
        throw refuse("key '%s' occurs twice".formatted(Printable.of(key)));
      }
      blanks();
      if (peek() == '}') {
        at++;
        return new Json.Dict(fields);
      }
      expect(',');
    }
  }

  private Json array(int depth) {
    List<Json> items = new ArrayList<>();
    at++;
    blanks();
    if (peek() == ']') {
      at++;
      return new Json.Array(items);
    }
    while (true) {
      items.add(value(depth + 1));
      blanks();
      if (peek() == ']') {
        at++;
        return new Json.Array(items);
      }
      expect(',');
    }
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    at++;
    while (true) {
      char c = peek();
      at++;
      if (c == '"') {
        return out.toString();
      }
      if (c < ' ') {
        throw refuse("control character in a string");
      }
      out.append(c == '\\' ? escape() : c);
    }
  }

  private char escape() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw refuse("unknown escape");
    };
  }

  private char unicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw refuse("expected four hex digits");
      }
      code = code * 16 + digit;
      at++;
    }
    return (char) code;
  }

  private Json number() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    int first = at;
    digits();
    if (text.charAt(first) == '0' && at - first > 1) {
      throw refuse("a number starts with a superfluous zero");
    }
    boolean whole = true;
    if (at < text.length() && text.charAt(at) == '.') {
      whole = false;
      at++;
      digits();
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      whole = false;
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits();
    }
    String number = text.substring(start, at);
    try {
      if (whole) {
        return new Json.Whole(Long.parseLong(number));
      }
      double value = Double.parseDouble(number);
      if (Double.isInfinite(value)) {
        throw refuse("number out of range");
      }
      return new Json.Real(value);
    } catch (NumberFormatException e) {
      throw refuse("number out of range");
    }
  }

  private void digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw refuse("expected a value");
    }
  }

  private Json word(String word, Json value) {
    if (!text.startsWith(word, at)) {
      throw refuse("expected a value");
    }
    at += word.length();
    return value;
  }

  private void expect(char wanted) {
    if (peek() != wanted) {
      throw refuse("expected '%c'".formatted(wanted));
    }
    at++;
  }

  private char peek() {
    if (at >= text.length()) {
      throw refuse("it ends too early");
    }
    return text.charAt(at);
  }

  private void blanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private QuorateException refuse(String why) {
    String before = text.substring(0, Math.min(at, text.length()));
    long line = before.chars().filter(c -> c == '\n').count() + 1;
    int column = before.length() - before.lastIndexOf('\n');
    return Problem.of(
            Code.Q1306, "not valid JSON: line %d, column %d: %s".formatted(line, column, why))
        .asException();
  }
}
