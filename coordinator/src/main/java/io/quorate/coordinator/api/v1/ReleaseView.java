package io.quorate.coordinator.api.v1;

import java.time.Instant;
import java.util.List;

/** A release in the catalogue; the digest of its archive is its identity. */
public record ReleaseView(
    String etcdVersion,
    String architecture,
    String sha256,
    long sizeBytes,
    Instant added,
    String by,
    List<String> usedBy) {
  public ReleaseView {
    usedBy = List.copyOf(usedBy);
  }

  public record All(List<ReleaseView> releases) {
    public All {
      releases = List.copyOf(releases);
    }
  }
}
