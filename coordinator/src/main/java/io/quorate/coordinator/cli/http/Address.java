package io.quorate.coordinator.cli.http;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;

/** Where a coordinator is: a host, or an address, and a port. */
public record Address(String host, int port) {
  private static final int DEFAULT_PORT = 7443;

  /** Reads host, host:port, [2001:db8::1]:port, each with https:// in front or not. */
  public static Address parse(String text) {
    String rest = text.startsWith("https://") ? text.substring(8) : text;
    if (rest.endsWith("/")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    int colon = rest.lastIndexOf(':');
    boolean bracketed = rest.startsWith("[");
    boolean hasPort = bracketed ? rest.contains("]:") : colon >= 0;
    String host = hasPort ? rest.substring(0, colon) : rest;
    if (bracketed && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '@')) {
      throw bad(text);
    }
    return new Address(host, hasPort ? port(rest.substring(colon + 1), text) : DEFAULT_PORT);
  }

  private static int port(String digits, String text) {
    try {
      int port = Integer.parseInt(digits);
      if (port > 0 && port < 65536) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw bad(text);
    }
    throw bad(text);
  }

  private static RuntimeException bad(String text) {
    return Problem.of(Code.Q1404, "'%s' is not an address of a coordinator".formatted(text))
        .withRemedy("write it as coordinator.example:7443")
        .asException();
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
