package io.quorate.agent.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.Host;
import io.quorate.agent.host.Layout;
import io.quorate.common.model.ClusterName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * The log of a supervised process, which appends to it by itself. A log that has grown too large is
 * copied and then emptied in place, because the process keeps its file open for as long as it runs;
 * the few lines that it says in between are lost.
 */
final class ServiceLog {
  private static final long LARGEST = 64L << 20;
  private static final int LONGEST_TAIL = 1 << 20;

  private final Host host;
  private final Layout layout;

  ServiceLog(Host host, Layout layout) {
    this.host = host;
    this.layout = layout;
  }

  Path path(ClusterName cluster) {
    return layout.logs().resolve(cluster + ".log");
  }

  List<String> lastLines(ClusterName cluster, int lines) throws IOException {
    Path log = path(cluster);
    long size = host.stat(log).size();
    if (size == 0) {
      return List.of();
    }
    try (InputStream in = host.open(log, Math.max(0, size - LONGEST_TAIL))) {
      List<String> all = new String(in.readNBytes(LONGEST_TAIL), UTF_8).lines().toList();
      return all.subList(Math.max(0, all.size() - lines), all.size());
    }
  }

  void rotate(ClusterName cluster) throws IOException {
    Path log = path(cluster);
    if (host.stat(log).size() <= LARGEST) {
      return;
    }
    Path older = log.resolveSibling(log.getFileName() + ".1");
    host.removeTree(older);
    try (InputStream in = host.open(log, 0);
        OutputStream out = host.create(older, Access.SECRET)) {
      in.transferTo(out);
    }
    host.empty(log);
  }
}
