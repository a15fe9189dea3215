package io.quorate.coordinator.etcd.model;

/** What a data directory holds: who it is, and how much of the cluster's log. */
record Data(long clusterId, long memberId, int index) {
  static Data parse(String text) {
    String[] parts = text.strip().split(" ", -1);
    return new Data(
        Long.parseUnsignedLong(parts[0], 16),
        Long.parseUnsignedLong(parts[1], 16),
        Integer.parseInt(parts[2]));
  }

  String text() {
    return Long.toHexString(clusterId) + " " + Long.toHexString(memberId) + " " + index;
  }
}
