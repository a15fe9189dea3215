package io.quorate.common.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Digests over a canonical text: one line a field, so that two documents with one digest start the
 * same process.
 */
final class Fingerprints {
  private Fingerprints() {}

  static String of(MemberConfig config) {
    StringBuilder text = new StringBuilder("quorate-start-1\n");
    line(text, "member", config.id().member().value());
    line(text, "client", config.endpoints().clientUrl());
    line(text, "peer", config.endpoints().peerUrl());
    line(text, "data", config.directories().data());
    line(text, "wal", config.directories().wal());
    line(text, "release", config.releases().running().sha256());
    line(text, "lineage", config.data().lineage());
    line(text, "restart", Long.toString(config.conduct().restartSerial()));
    config
        .settings()
        .forEach((key, value) -> line(text, "setting " + key, kind(value) + " " + value));
    config.conduct().unit().forEach((key, value) -> line(text, "unit " + key, value));
    return digest(text.toString());
  }

  private static String kind(Setting setting) {
    return switch (setting) {
      case Setting.Text text -> "text";
      case Setting.Whole whole -> "whole";
      case Setting.Truth truth -> "truth";
      case Setting.Span span -> "span " + span.value().toNanos();
    };
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append('=').append(value.length()).append(':').append(value).append('\n');
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
