package io.quorate.agent.observe;

import io.quorate.common.model.HostFacts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the kernel and the distribution say about themselves. */
final class Facts {
  private static final Logger LOG = LoggerFactory.getLogger(Facts.class);
  static final long UNKNOWN_INODES = -1;
  private static final int PATIENCE_SECONDS = 2;
  private static final Path OS_RELEASE = Path.of("/etc/os-release");

  private Facts() {}

  static HostFacts read(Path proc, String serviceManager) {
    return new HostFacts(
        operatingSystem(OS_RELEASE),
        System.getProperty("os.version", ""),
        architecture(System.getProperty("os.arch", "")),
        Runtime.getRuntime().availableProcessors(),
        kilobytes(proc.resolve("meminfo"), "MemTotal"),
        serviceManager,
        addresses());
  }

  /** In Go's words, as etcd's releases are named. */
  static String architecture(String java) {
    return switch (java.toLowerCase(Locale.ROOT)) {
      case "x86_64", "amd64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      default -> java;
    };
  }

  static String operatingSystem(Path osRelease) {
    String key = "PRETTY_NAME=";
    return lines(osRelease).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).replace("\"", ""))
        .findFirst()
        .orElse("Linux");
  }

  /** A line such as {@code MemTotal: 123 kB}, in bytes; 0 when it is not there. */
  static long kilobytes(Path file, String key) {
    for (String line : lines(file)) {
      if (line.startsWith(key + ":") && line.endsWith(" kB")) {
        String number = line.substring(key.length() + 1, line.length() - " kB".length());
        return Long.parseLong(number.strip()) * 1024;
      }
    }
    return 0;
  }

  /** Of every interface that is up; neither loopback nor link-local, which nobody else can use. */
  static List<String> addresses() {
    List<String> addresses = new ArrayList<>();
    try {
      for (NetworkInterface networkInterface :
          Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (networkInterface.isUp() && !networkInterface.isLoopback()) {
          for (InetAddress address : Collections.list(networkInterface.getInetAddresses())) {
            if (!address.isLinkLocalAddress()) {
              addresses.add(withoutScope(address.getHostAddress()));
            }
          }
        }
      }
    } catch (SocketException e) {
      LOG.warn("cannot list the host's addresses: {}", e.toString());
    }
    return addresses.stream().sorted().distinct().toList();
  }

  private static String withoutScope(String address) {
    int scope = address.indexOf('%');
    return scope < 0 ? address : address.substring(0, scope);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      LOG.warn("cannot read {}: {}", file, e.toString());
      return List.of();
    }
  }

  /**
   * The JDK cannot ask; stat(1) is everywhere, and a process once a minute costs less than a native
   * library. Unknown also where inodes are made as needed and never run out.
   */
  static long freeInodes(Path path) throws IOException {
    Process process =
        new ProcessBuilder("stat", "-f", "-c", "%c %d", "--", path.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        return UNKNOWN_INODES;
      }
      return parseInodes(
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN_INODES;
    } finally {
      process.destroyForcibly();
    }
  }

  private static long parseInodes(String totalAndFree) {
    String[] numbers = totalAndFree.split(" ", -1);
    if (numbers.length != 2 || Long.parseLong(numbers[0]) == 0) {
      return UNKNOWN_INODES;
    }
    return Long.parseLong(numbers[1]);
  }
}
