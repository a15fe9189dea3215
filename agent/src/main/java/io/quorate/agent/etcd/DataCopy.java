package io.quorate.agent.etcd;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.Host;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/** A tree of etcd's files, once more. */
public final class DataCopy {
  private DataCopy() {}

  public static long size(Host host, Path path) throws IOException {
    long size = host.stat(path).isDirectory() ? 0 : host.stat(path).size();
    for (String child : host.list(path)) {
      size += size(host, path.resolve(child));
    }
    return size;
  }

  public static void make(Host host, Path from, Path to) throws IOException {
    if (host.stat(from).isDirectory()) {
      host.makeDirectory(to, Access.closed(""));
      for (String child : host.list(from)) {
        make(host, from.resolve(child), to.resolve(child));
      }
    } else if (host.stat(from).isFile()) {
      try (InputStream in = host.open(from, 0);
          OutputStream out = host.create(to, Access.SECRET)) {
        in.transferTo(out);
      }
    }
  }
}
