package io.quorate.coordinator.spec.rules;

import io.quorate.common.model.EtcdVersion;
import io.quorate.coordinator.etcd.live.Archives;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The real program of one release, from the archives that lab/releases makes. */
record RealEtcd(EtcdVersion version, Path program) {
  /** The newest release of each minor version that there is on this machine. */
  static List<RealEtcd> all() {
    return SettingCatalogue.MINORS.stream()
        .flatMap(minor -> Archives.newest(minor).stream())
        .flatMap(
            version ->
                Archives.etcd(version).stream()
                    .map(program -> new RealEtcd(EtcdVersion.parse(version), program)))
        .toList();
  }

  /** The first line that it utters with this configuration and that is wanted; or all of them. */
  String say(String configuration, Path directory, Predicate<String> wanted)
      throws IOException, InterruptedException {
    Path file = Files.writeString(directory.resolve("etcd.yaml"), configuration);
    Process process =
        new ProcessBuilder(program.toString(), "--config-file", file.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    StringBuilder all = new StringBuilder();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (wanted.test(line)) {
          return line;
        }
        all.append(line).append('\n');
      }
      return all.toString();
    } finally {
      process.destroyForcibly();
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
