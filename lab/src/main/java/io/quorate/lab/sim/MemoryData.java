package io.quorate.lab.sim;

import io.quorate.agent.host.Access;
import io.quorate.agent.host.MemoryHost;
import io.quorate.coordinator.etcd.model.StartConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What the modelled etcd writes, as files where the real one has them. */
record MemoryData(MemoryHost host, String data, String wal) implements StartConfig.DataDirectory {

  private Path snap() {
    return Path.of(data).resolve("member").resolve("snap");
  }

  private Path database() {
    return snap().resolve("db");
  }

  @Override
  public String read() {
    try {
      return host.text(database()).orElse("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One whose directory is gone writes to files that nobody can open any more. */
  @Override
  public void write(String text) {
    if (host.stat(Path.of(data)).isDirectory()) {
      lay(text);
    }
  }

  /** Makes the directories, too. */
  void lay(String text) {
    try {
      host.makeDirectory(snap(), Access.closed(""));
      host.write(database(), text.getBytes(StandardCharsets.UTF_8), Access.SECRET);
      host.makeDirectory(Path.of(wal), Access.closed(""));
      Path log = Path.of(wal).resolve("0.wal");
      if (!host.stat(log).isFile()) {
        host.write(log, new byte[] {1}, Access.SECRET);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
