package io.quorate.agent.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.Finished;
import io.quorate.agent.host.Layout;
import io.quorate.common.model.ClusterName;
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
 * Whether the coordinator was asked, after this boot of the host, what members are to do. It opens
 * with the first document that comes, or once every member was allowed to start without ({@link
 * BootWatch}), and stays open until the next boot, whatever becomes of the agent.
 *
 * <p>The units of etcd are ordered after the agent's, which counts as started once this is open, or
 * after {@link #GRACE}: until then the service manager waits with them, and after that those that
 * may not start have been taken back from it.
 */
public final class BootGate {
  /** How long the coordinator is waited for before members find their way without. */
  static final Duration GRACE = Duration.ofSeconds(30);

  /** The same, where the cluster serves and awaits the member. */
  static final Duration SHORT_GRACE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(BootGate.class);
  private static final Duration TELLING = Duration.ofSeconds(10);

  private final Host host;
  private final Path file;
  private final Path admissions;
  private final InstantSource clock;
  private final Instant began;
  private volatile boolean open;

  public BootGate(Host host, Layout layout, InstantSource clock) throws IOException {
    this.host = host;
    this.file = layout.state().resolve("admitted");
    this.admissions = layout.state().resolve("admissions");
    this.clock = clock;
    this.began = clock.instant();
    this.open = ofThisBoot(file);
  }

  private boolean ofThisBoot(Path note) throws IOException {
    return host.text(note).map(String::strip).filter(host.bootId()::equals).isPresent();
  }

  public boolean open() {
    return open;
  }

  /** Whether the coordinator had its time. */
  public boolean graceIsOver() {
    return after(GRACE);
  }

  boolean shortGraceIsOver() {
    return after(SHORT_GRACE);
  }

  private boolean after(Duration grace) {
    return clock.instant().isAfter(began.plus(grace));
  }

  public void admit() throws IOException {
    if (!open) {
      open = true;
      host.write(file, host.bootId().getBytes(UTF_8), Access.SECRET);
    }
  }

  /** Somebody at this host says that the member may start; for this boot. */
  public void admit(ClusterName cluster) throws IOException {
    host.makeDirectory(admissions, Access.closed(""));
    host.write(admissions.resolve(cluster.value()), host.bootId().getBytes(UTF_8), Access.SECRET);
  }

  boolean admitted(ClusterName cluster) throws IOException {
    return ofThisBoot(admissions.resolve(cluster.value()));
  }

  /** Tells the service manager that the agent has started, where it waits for that. */
  public void tell() {
    notify("--ready");
  }

  /** What {@code systemctl status} is to show. */
  void say(String words) {
    notify("--status=" + words);
  }

  private void notify(String what) {
    String socket = System.getenv().getOrDefault("NOTIFY_SOCKET", "");
    if (socket.isEmpty()) {
      return;
    }
    try {
      Finished told =
          host.run(
              new Command(
                  List.of("systemd-notify", what), Map.of("NOTIFY_SOCKET", socket), TELLING));
      if (!told.succeeded()) {
        LOG.warn("the service manager could not be told {}: {}", what, told.lastWords());
      }
    } catch (IOException e) {
      LOG.warn("the service manager could not be told {}", what, e);
    }
  }
}
