package io.quorate.lab.fleet;

import io.quorate.lab.LabHost;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A cluster's file, made up in a test: members are named after their hosts. */
public record ClusterFile(
    String cluster,
    String version,
    List<LabHost> hosts,
    int clientPort,
    Map<String, String> sections) {
  public ClusterFile {
    hosts = List.copyOf(hosts);
    sections = new LinkedHashMap<>(sections);
  }

  /**
   * On etcd's usual ports, without soak, so that a test measures the work and not the wait; and
   * patient with the one disk that all hosts of a lab share.
   */
  public static ClusterFile of(String cluster, String version, List<LabHost> hosts) {
    return new ClusterFile(
        cluster, version, hosts, 2379, Map.of("rollout", "{soak: 0s, maximumFsyncP99: 30s}"));
  }

  public ClusterFile withVersion(String other) {
    return new ClusterFile(cluster, other, hosts, clientPort, sections);
  }

  public ClusterFile withHosts(List<LabHost> others) {
    return new ClusterFile(cluster, version, others, clientPort, sections);
  }

  /** The peer port is the one after it. */
  public ClusterFile withClientPort(int other) {
    return new ClusterFile(cluster, version, hosts, other, sections);
  }

  /** A top-level key with its value as YAML, in place of what it had. */
  public ClusterFile with(String key, String yaml) {
    Map<String, String> more = new LinkedHashMap<>(sections);
    more.put(key, yaml);
    return new ClusterFile(cluster, version, hosts, clientPort, more);
  }

  public static String member(LabHost host) {
    return "etcd-" + host.name();
  }

  public List<URI> endpoints() {
    return hosts.stream()
        .map(host -> URI.create("https://%s:%d".formatted(host.address(), clientPort)))
        .toList();
  }

  public String yaml() {
    StringBuilder yaml = new StringBuilder();
    yaml.append("cluster: ").append(cluster).append("\nversion: ").append(version);
    yaml.append("\nmembers:\n");
    for (LabHost host : hosts) {
      yaml.append(
          "  - {name: %s, host: %s, address: %s}\n"
              .formatted(member(host), host.name(), host.address()));
    }
    yaml.append("ports: {client: %d, peer: %d}\n".formatted(clientPort, clientPort + 1));
    sections.forEach((key, value) -> yaml.append(key).append(": ").append(value).append('\n'));
    return yaml.toString();
  }
}
