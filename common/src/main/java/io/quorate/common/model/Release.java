package io.quorate.common.model;

/**
 * One release archive: what it is, and the digest that is its identity. Architecture in Go's words
 * (amd64, arm64).
 */
public record Release(EtcdVersion version, String architecture, String sha256, long size) {
  /** The directory name that upstream's archive unpacks to. */
  public String directoryName() {
    return "etcd-v" + version + "-linux-" + architecture;
  }
}
