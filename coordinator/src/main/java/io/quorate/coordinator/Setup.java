package io.quorate.coordinator;

import io.quorate.common.config.Configuration;
import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a coordinator is started with, checked. */
record Setup(
    Path data,
    Path snapshots,
    String host,
    int port,
    List<String> names,
    Optional<String> advertise,
    Optional<Path> contextFile) {

  static Setup of(Configuration configuration) {
    String listen = configuration.require("listen");
    int colon = listen.lastIndexOf(':');
    if (colon < 1 || !listen.substring(colon + 1).matches("\\d{1,5}")) {
      throw Problem.of(Code.Q1301, "'%s' is not an address and a port".formatted(listen))
          .withRemedy("--listen 0.0.0.0:7443")
          .asException();
    }
    String host = listen.substring(0, colon).replaceAll("[\\[\\]]", "");
    return new Setup(
        Path.of(configuration.require("data")).toAbsolutePath(),
        configuration
            .find("snapshots")
            .map(Path::of)
            .orElseGet(() -> Path.of(configuration.require("data"), "snapshots"))
            .toAbsolutePath(),
        host,
        Integer.parseInt(listen.substring(colon + 1)),
        names(configuration.list("names"), host),
        configuration.find("advertise"),
        contextFile(configuration));
  }

  /** What it was told, and always this machine's own name and loopback. */
  private static List<String> names(List<String> told, String host) {
    Set<String> names = new LinkedHashSet<>(told);
    boolean any = host.equals("0.0.0.0") || host.equals("::");
    if (!any) {
      names.add(host);
    }
    try {
      String own = InetAddress.getLocalHost().getHostName();
      if (own.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")) {
        names.add(own);
      }
    } catch (UnknownHostException e) {
      // A machine without a name of its own is reached by what it was told.
      names.add("localhost");
    }
    names.addAll(List.of("localhost", "127.0.0.1", "::1"));
    return new ArrayList<>(names);
  }

  private static Optional<Path> contextFile(Configuration configuration) {
    Optional<String> told = configuration.find("context-file");
    if (told.isPresent()) {
      return told.filter(t -> !t.equals("none")).map(Path::of);
    }
    return Optional.of(new io.quorate.coordinator.cli.context.Resolution(System.getenv()).file());
  }

  /** Where agents and the command line dial. */
  String dial(int actualPort) {
    return advertise.orElseGet(
        () -> {
          String name = names.getFirst();
          return (name.contains(":") ? "[" + name + "]" : name) + ":" + actualPort;
        });
  }
}
