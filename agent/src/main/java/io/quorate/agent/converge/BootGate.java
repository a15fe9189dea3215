package io.quorate.agent.converge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.agent.host.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps members from being started after a boot of the host before the coordinator was asked what
 * they are to do. Its cluster may have been recovered or restored without this host meanwhile, and
 * old data that starts can make a second cluster of it.
 *
 * <ol>
 *   <li>It opens with the first document that the coordinator sends after the boot,
 *   <li>or after {@link #GRACE}, when the coordinator cannot be reached: a host must come up
 *       without it as well.
 *   <li>It stays open until the next boot, whatever becomes of the agent.
 * </ol>
 *
 * The units of etcd are ordered after the agent's, which counts as started once this is open; so
 * the service manager waits, too.
 */
final class BootGate {
  static final Duration GRACE = Duration.ofSeconds(30);
  private static final Logger LOG = LoggerFactory.getLogger(BootGate.class);
  private static final Duration TELLING = Duration.ofSeconds(10);

  private final Host host;
  private final Path file;
  private final InstantSource clock;
  private final Instant opens;
  private volatile boolean open;

  BootGate(Host host, Layout layout, InstantSource clock) throws IOException {
    this.host = host;
    this.file = layout.state().resolve("admitted");
    this.clock = clock;
    this.opens = clock.instant().plus(GRACE);
    this.open = host.text(file).map(String::strip).filter(host.bootId()::equals).isPresent();
  }

  boolean open() {
    return open;
  }

  /** Whether it is still closed, and has been for too long. */
  boolean overdue() {
    return !open && clock.instant().isAfter(opens);
  }

  void admit() throws IOException {
    if (!open) {
      open = true;
      host.write(file, host.bootId().getBytes(UTF_8), Access.SECRET);
    }
  }

  /** Tells the service manager that the agent has started, where it waits for that. */
  void tell() {
    String socket = System.getenv().getOrDefault("NOTIFY_SOCKET", "");
    if (socket.isEmpty()) {
      return;
    }
    try {
      Finished told =
          host.run(
              new Command(
                  List.of("systemd-notify", "--ready"), Map.of("NOTIFY_SOCKET", socket), TELLING));
      if (!told.succeeded()) {
        LOG.warn("the service manager could not be told that the agent runs: {}", told.lastWords());
      }
    } catch (IOException e) {
      LOG.warn("the service manager could not be told that the agent runs", e);
    }
  }
}
