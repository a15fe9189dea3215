package io.quorate.coordinator.api.route;

import io.quorate.coordinator.api.v1.codec.Json;
import io.quorate.coordinator.api.v1.codec.Records;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.StringJoiner;

/**
 * A request's body as the audit trail keeps it: its fields in short, long texts by their digest.
 */
final class Details {
  private static final int SHORT = 80;

  private Details() {}

  static String of(Record body) {
    StringJoiner all = new StringJoiner(" ");
    Records.write(body).fields().forEach((name, value) -> add(all, name, value));
    return all.toString();
  }

  private static void add(StringJoiner all, String name, Json value) {
    switch (value) {
      case Json.Text text -> all.add(name + "=" + shortened(text.value()));
      case Json.Whole whole -> all.add(name + "=" + whole.value());
      case Json.Real real -> all.add(name + "=" + real.value());
      case Json.Truth truth -> all.add(name + "=" + truth.value());
      case Json.Array array -> array.items().forEach(item -> add(all, name, item));
      case Json.Dict dict ->
          dict.fields().forEach((inner, each) -> add(all, name + "." + inner, each));
      case Json.Nothing nothing -> {}
    }
  }

  private static String shortened(String text) {
    if (text.length() <= SHORT && text.chars().noneMatch(c -> c < ' ')) {
      return text;
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
