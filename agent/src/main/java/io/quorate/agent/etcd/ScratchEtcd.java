package io.quorate.agent.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.Host;
import io.quorate.agent.host.HostProcesses.Command;
import io.quorate.agent.host.HostProcesses.ProcessFacts;
import io.quorate.agent.host.HostProcesses.Signal;
import io.quorate.agent.release.InstalledRelease;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * An etcd for a question or two, on data that nobody needs any more afterwards: free loopback ports
 * and plain HTTP, because nobody else is to reach it and it lives for seconds. It ends when this is
 * closed.
 */
public final class ScratchEtcd implements AutoCloseable {
  private static final int QUESTIONS = 120;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int DEADLINE_MILLIS = 5000;

  private final Host host;
  private final Ports ports;
  private final long pid;
  private final Path log;

  private ScratchEtcd(Host host, Ports ports, long pid, Path log) {
    this.host = host;
    this.ports = ports;
    this.pid = pid;
    this.log = log;
  }

  /** Two that were free a moment ago. */
  public record Ports(int client, int peer) {
    public static Ports free() throws IOException {
      try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return new Ports(one.getLocalPort(), other.getLocalPort());
      }
    }

    public String clientUrl() {
      return "http://127.0.0.1:" + client;
    }

    public String peerUrl() {
      return "http://127.0.0.1:" + peer;
    }
  }

  /**
   * @param wal where it is not in the data directory
   * @param forced whether the data becomes a cluster of one, whatever it was before
   */
  public record Source(String name, Path data, Optional<Path> wal, boolean forced) {}

  public static ScratchEtcd start(
      Host host, InstalledRelease release, Source source, Ports ports, Path log)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(release.etcd().toString());
    arguments.add("--name=" + source.name);
    arguments.add("--data-dir=" + source.data);
    source.wal.ifPresent(wal -> arguments.add("--wal-dir=" + wal));
    arguments.add("--listen-client-urls=" + ports.clientUrl());
    arguments.add("--advertise-client-urls=" + ports.clientUrl());
    arguments.add("--listen-peer-urls=" + ports.peerUrl());
    arguments.add("--initial-advertise-peer-urls=" + ports.peerUrl());
    arguments.add("--initial-cluster=" + source.name + "=" + ports.peerUrl());
    arguments.add("--logger=zap");
    if (source.forced) {
      arguments.add("--force-new-cluster");
    }
    Command command =
        new Command(arguments, Map.of("ETCD_UNSUPPORTED_ARCH", "arm64"), Duration.ZERO);
    long pid = host.spawn(command, log, (id, code) -> {});
    return new ScratchEtcd(host, ports, pid, log);
  }

  public String clientUrl() {
    return ports.clientUrl();
  }

  /** What it says of itself, once it serves; empty when it ended, or never served. */
  public Optional<JsonObject> status() throws IOException {
    for (int asked = 0; asked < QUESTIONS && host.process(pid).isPresent(); asked++) {
      Optional<JsonObject> status = ask("/v3/maintenance/status");
      if (status.isPresent() && !status.get().getString("leader", "0").equals("0")) {
        return status;
      }
      pause();
    }
    return Optional.empty();
  }

  /** Its last words, for a sentence about why it did not serve. */
  public String lastWords() throws IOException {
    String text = host.text(log).orElse("").strip();
    return text.substring(text.lastIndexOf('\n') + 1);
  }

  private static void pause() throws IOException {
    try {
      boolean never = new Semaphore(0).tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      assert !never;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private Optional<JsonObject> ask(String path) {
    try {
      if (!(URI.create(ports.clientUrl() + path).toURL().openConnection()
          instanceof HttpURLConnection connection)) {
        return Optional.empty();
      }
      connection.setConnectTimeout(DEADLINE_MILLIS);
      connection.setReadTimeout(DEADLINE_MILLIS);
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write("{}".getBytes(UTF_8));
      }
      try (InputStream in = connection.getInputStream()) {
        return Optional.of(new JsonObject(new String(in.readAllBytes(), UTF_8)));
      }
    } catch (IOException | DecodeException e) {
      return Optional.empty(); // it is still starting; that it never does shows by itself
    }
  }

  @Override
  public void close() throws IOException {
    Optional<ProcessFacts> process = host.process(pid);
    if (process.isPresent()) {
      host.signal(process.get(), Signal.KILL);
    }
  }
}
