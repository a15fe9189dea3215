package io.quorate.lab.fleet;

import io.quorate.lab.LabHost;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which process runs a cluster's member on each host: the same one before and after means that
 * nothing restarted.
 */
final class Processes {
  private Processes() {}

  /** By host: the unit's invocation, which no restart leaves as it was. */
  static SortedMap<String, String> of(ClusterFile file) {
    SortedMap<String, String> all = new TreeMap<>();
    for (LabHost host : file.hosts()) {
      all.put(
          host.name(),
          host.run("systemctl", "show", "-P", "InvocationID", "etcd@" + file.cluster()).orThrow());
    }
    return all;
  }

  /** How many members do not run as they did. */
  static long restarted(SortedMap<String, String> before, SortedMap<String, String> after) {
    return before.entrySet().stream()
        .filter(e -> !e.getValue().equals(after.get(e.getKey())))
        .count();
  }

  /** What the running etcd of a member was given in its environment. */
  static String environment(ClusterFile file, LabHost host, String name) {
    String pid = host.run("systemctl", "show", "-P", "MainPID", "etcd@" + file.cluster()).orThrow();
    String all = host.run("cat", "/proc/" + pid + "/environ").out();
    for (String entry : all.split("\0", -1)) {
      if (entry.startsWith(name + "=")) {
        return entry.substring(name.length() + 1);
      }
    }
    return "";
  }

  /** A soft limit of the running etcd. */
  static String limit(ClusterFile file, LabHost host, String name) {
    String pid = host.run("systemctl", "show", "-P", "MainPID", "etcd@" + file.cluster()).orThrow();
    return host.run("cat", "/proc/" + pid + "/limits")
        .out()
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip().split("\\s+", -1)[0])
        .findFirst()
        .orElse("");
  }
}
