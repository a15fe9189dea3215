package io.quorate.coordinator.etcd.model;

import io.quorate.common.model.EtcdVersion;
import java.net.URI;
import java.util.Map;

/** What an etcd process is started with, as far as it matters to others. */
public record StartConfig(
    EtcdVersion version,
    String name,
    String peerUrl,
    String clientUrl,
    Map<String, String> initialCluster,
    Way way,
    String token,
    DataDirectory data) {
  public StartConfig {
    initialCluster = Map.copyOf(initialCluster);
  }

  /** How it finds its cluster; with data there, only the last makes a difference. */
  public enum Way {
    /** {@code initial-cluster-state: new}. */
    FOUND,
    /** {@code initial-cluster-state: existing}. */
    JOIN,
    /** {@code force-new-cluster}: from the data that is there, whoever was in it. */
    FORCE
  }

  /** The host that it runs on. */
  String place() {
    return URI.create(peerUrl).getHost();
  }

  /** Where its data lies; durable, unlike the process. */
  public interface DataDirectory {
    /** Empty text when there is none. */
    String read();

    void write(String text);
  }
}
