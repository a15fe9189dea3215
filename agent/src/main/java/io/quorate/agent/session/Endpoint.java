package io.quorate.agent.session;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a coordinator listens: a name or address, and a port. */
public record Endpoint(String host, int port) {
  private static final int DEFAULT_PORT = 7443;
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([A-Za-z0-9.-]+))(?::([0-9]{1,5}))?");

  public static Endpoint parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
      int port = matcher.group(3) == null ? DEFAULT_PORT : Integer.parseInt(matcher.group(3));
      if (port > 0 && port < 65536) {
        return new Endpoint(host, port);
      }
    }
    throw Problem.of(
            Code.Q1301, "'%s' is not HOST:PORT".formatted(text.replaceAll("\\p{Cntrl}", "?")))
        .withRemedy("write it as coordinator.example:7443 or [fd00::1]:7443")
        .asException();
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
