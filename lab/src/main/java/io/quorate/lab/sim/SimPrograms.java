package io.quorate.lab.sim;

import com.sun.net.httpserver.HttpServer;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.agent.host.MemoryHost;
import io.quorate.agent.release.MemoryEtcd;
import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.etcd.model.StartConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What etcd's programs do on a real agent's host when they are run for a moment. */
final class SimPrograms {
  private final World world;
  private final MemoryHost host;

  SimPrograms(World world, MemoryHost host) {
    this.world = world;
    this.host = host;
  }

  void install() {
    MemoryHost unused =
        host.withProgram("etcd", this::version)
            .withProgram("etcdctl", command -> new Finished(1, "", "not simulated", false))
            .withProgram("etcdutl", this::restore);
    host.whenSpawned(this::trial);
  }

  private Finished version(Command command) {
    String last = command.arguments().getLast();
    return MemoryEtcd.answer(
        host,
        new Command(
            List.of(command.arguments().getFirst(), last), Map.of(), Duration.ofSeconds(1)));
  }

  private static Map<String, String> options(Command command) {
    Map<String, String> options = new TreeMap<>();
    for (String argument : command.arguments()) {
      int equals = argument.indexOf('=');
      if (argument.startsWith("--") && equals > 0) {
        options.put(argument.substring(2, equals), argument.substring(equals + 1));
      }
    }
    return options;
  }

  private static String option(Map<String, String> options, String name) {
    return options.getOrDefault(name, "");
  }

  /** {@code snapshot restore FILE}: all it needs to know is told to it. */
  private Finished restore(Command command) {
    Map<String, String> options = options(command);
    Map<String, String> founders = new TreeMap<>();
    for (String one : option(options, "initial-cluster").split(",", -1)) {
      founders.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
    }
    MemoryData data = new MemoryData(host, option(options, "data-dir"), option(options, "wal-dir"));
    try {
      String snapshot =
          new String(host.read(Path.of(command.arguments().get(3))), StandardCharsets.UTF_8);
      StartConfig config =
          new StartConfig(
              EtcdVersion.parse(Scenario.OLD),
              option(options, "name"),
              option(options, "initial-advertise-peer-urls"),
              "",
              founders,
              StartConfig.Way.FOUND,
              option(options, "initial-cluster-token"),
              data);
      data.lay(world.etcd().restore(snapshot, config));
      return new Finished(0, "restored", "", false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that is tried where nobody reaches it: it leads itself, and says so when asked. */
  private Runnable trial(Command command) {
    URI client = URI.create(option(options(command), "listen-client-urls"));
    try {
      HttpServer server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), client.getPort()), 0);
      byte[] answer = "{\"leader\":\"1\"}".getBytes(StandardCharsets.UTF_8);
      server.createContext(
          "/v3/maintenance/status",
          exchange -> {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
          });
      server.start();
      return () -> server.stop(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
