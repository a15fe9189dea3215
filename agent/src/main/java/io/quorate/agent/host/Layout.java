package io.quorate.agent.host;

import io.quorate.common.model.ClusterName;
import java.nio.file.Path;

/**
 * Where the agent keeps things. On a systemd host these are the system's own places; the rootless
 * supervised mode puts all of them under one directory.
 *
 * @param root what the absolute directories of a document are taken to be under
 * @param configuration one directory a cluster: {@code /etc/etcd}
 * @param releases one directory a release: {@code /usr/local}
 * @param state the agent's journal, downloads and scratch files: {@code /var/lib/quorate-agent}
 * @param units where drop-ins go: {@code /etc/systemd/system}
 * @param logs where supervised processes log to: {@code /var/log/etcd}
 * @param user who owns etcd's files and runs it; empty for the agent's own user
 */
public record Layout(
    Path root, Path configuration, Path releases, Path state, Path units, Path logs, String user) {

  /** The places of a systemd host. */
  public static Layout system() {
    return new Layout(
        Path.of("/"),
        Path.of("/etc/etcd"),
        Path.of("/usr/local"),
        Path.of("/var/lib/quorate-agent"),
        Path.of("/etc/systemd/system"),
        Path.of("/var/log/etcd"),
        "etcd");
  }

  /** Everything under one directory, owned by whoever runs the agent. */
  public static Layout under(Path root) {
    return new Layout(
        root,
        root.resolve("etc"),
        root.resolve("releases"),
        root.resolve("state"),
        root.resolve("units"),
        root.resolve("log"),
        "");
  }

  public Path directory(ClusterName cluster) {
    return configuration.resolve(cluster.value());
  }

  /** Where a directory of a document lies on this host. */
  public Path rooted(Path absolute) {
    return root.resolve(Path.of("/").relativize(absolute));
  }

  public Path etcdYaml(ClusterName cluster) {
    return directory(cluster).resolve("etcd.yaml");
  }

  public Path environment(ClusterName cluster) {
    return directory(cluster).resolve("quorate.env");
  }

  /** A symlink to the release that is to run. */
  public Path release(ClusterName cluster) {
    return directory(cluster).resolve("release");
  }

  /** A symlink to the newest complete set of certificates. */
  public Path tls(ClusterName cluster) {
    return directory(cluster).resolve("tls");
  }

  public Path blobs() {
    return state.resolve("blobs");
  }

  public Path scratch() {
    return state.resolve("scratch");
  }
}
