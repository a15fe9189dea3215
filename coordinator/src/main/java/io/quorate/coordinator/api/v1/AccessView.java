package io.quorate.coordinator.api.v1;

import java.time.Instant;
import java.util.List;

/** What a client of a cluster needs: where it is and whom to trust. */
public record AccessView(String cluster, List<String> clientUrls, String authorityPem) {
  public AccessView {
    clientUrls = List.copyOf(clientUrls);
  }

  /** A client certificate; the key was made by the one who asked and never left him. */
  public record Credential(
      AccessView access, String certificatePem, String serial, Instant notAfter) {}
}
