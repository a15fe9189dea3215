package io.quorate.coordinator.cli.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads one HTTP/1.1 response: status, headers, and a body by length, in chunks or to the end. */
record HttpReply(int status, String body, boolean keep) {
  private static final int LONGEST_LINE = 16 * 1024;
  private static final int LARGEST_BODY = 64 * 1024 * 1024;

  static HttpReply read(InputStream in) throws IOException {
    String line = line(in);
    String[] parts = line.split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.")) {
      throw new IOException("not an HTTP answer");
    }
    int status = number(parts[1], 10);
    Map<String, String> headers = headers(in);
    if (status == 100) {
      return read(in);
    }
    boolean keep = !headers.getOrDefault("connection", "").equalsIgnoreCase("close");
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return new HttpReply(status, chunks(in), keep);
    }
    String length = headers.get("content-length");
    if (length != null) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      copy(in, body, number(length, 10));
      return new HttpReply(status, body.toString(StandardCharsets.UTF_8), keep);
    }
    if (status == 204 || status == 304) {
      return new HttpReply(status, "", keep);
    }
    byte[] rest = in.readNBytes(LARGEST_BODY);
    return new HttpReply(status, new String(rest, StandardCharsets.UTF_8), false);
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon > 0 && headers.size() < 100) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private static String chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = line(in);
      int extension = size.indexOf(';');
      int length = number((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
      if (length == 0) {
        headers(in);
        return body.toString(StandardCharsets.UTF_8);
      }
      copy(in, body, length);
      if (!line(in).isEmpty()) {
        throw new IOException("a chunk is longer than it said");
      }
    }
  }

  private static void copy(InputStream in, ByteArrayOutputStream body, int length)
      throws IOException {
    if (body.size() + (long) length > LARGEST_BODY) {
      throw new IOException("the answer is too large");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the answer ends too early");
    }
    body.write(bytes);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the coordinator hung up");
      }
      if (line.length() >= LONGEST_LINE) {
        throw new IOException("a line of the answer is too long");
      }
      line.append((char) c);
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }

  private static int number(String digits, int radix) throws IOException {
    try {
      int number = Integer.parseInt(digits, radix);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException("not an HTTP answer", e);
    }
    throw new IOException("not an HTTP answer");
  }
}
