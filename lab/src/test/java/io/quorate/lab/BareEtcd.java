package io.quorate.lab;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * etcd on a lab's hosts under the packaged unit, laid down by hand: no agent, no coordinator, no
 * TLS. What the agent renders for a member it writes the same way.
 */
final class BareEtcd {
  static final String UNIT = "etcd@bare.service";

  private BareEtcd() {}

  /** Lays down one member on each host and starts them all; returns when all are ready. */
  static List<URI> start(List<LabHost> hosts, Releases.Archive release) {
    for (LabHost host : hosts) {
      prepare(host, hosts, release);
      host.run("systemctl", "start", "--no-block", UNIT).orThrow();
    }
    for (LabHost host : hosts) {
      // There is no start timeout, so this ends when etcd is ready or has failed.
      host.run("systemctl", "start", UNIT).orThrow();
    }
    return endpoints(hosts);
  }

  /** Lays down a member without starting it. */
  static void prepare(LabHost host, List<LabHost> all, Releases.Archive release) {
    String directory = "etcd-v" + release.version() + "-linux-amd64";
    host.run("mkdir", "-p", "/usr/local", "/etc/etcd/bare").orThrow();
    Commands.run(
            List.of(
                "tar",
                "-C",
                host.file("/usr/local").toString(),
                "--no-same-owner",
                "-xzf",
                release.path().toString()),
            Map.of(),
            Duration.ofMinutes(1))
        .orThrow();
    host.run("ln", "-sfn", "/usr/local/" + directory, "/etc/etcd/bare/release").orThrow();
    host.run("install", "-d", "-o", "etcd", "-g", "etcd", "-m", "0700", "/var/lib/etcd/bare")
        .orThrow();
    host.run("install", "-d", "-o", "etcd", "-g", "etcd", "-m", "0700", "/srv/wal/bare").orThrow();
    host.write("/etc/etcd/bare/quorate.env", "GOMAXPROCS=2\n");
    host.write(
        "/etc/systemd/system/etcd@bare.service.d/quorate.conf",
        "[Service]\nReadWritePaths=/var/lib/etcd/bare /srv/wal/bare\n");
    host.write("/etc/etcd/bare/etcd.yaml", configuration(host, all));
    host.run("systemctl", "daemon-reload").orThrow();
  }

  static List<URI> endpoints(List<LabHost> hosts) {
    return hosts.stream()
        .map(host -> URI.create("http://%s:2379".formatted(host.address())))
        .toList();
  }

  private static String configuration(LabHost host, List<LabHost> all) {
    String members =
        all.stream()
            .map(each -> "%s=http://%s:2380".formatted(each.name(), each.address()))
            .collect(Collectors.joining(","));
    return """
    name: %1$s
    data-dir: /var/lib/etcd/bare
    wal-dir: /srv/wal/bare/wal
    listen-client-urls: http://%2$s:2379
    advertise-client-urls: http://%2$s:2379
    listen-peer-urls: http://%2$s:2380
    initial-advertise-peer-urls: http://%2$s:2380
    initial-cluster: %3$s
    initial-cluster-state: new
    pre-vote: true
    logger: zap
    """
        .formatted(host.name(), host.address(), members);
  }
}
