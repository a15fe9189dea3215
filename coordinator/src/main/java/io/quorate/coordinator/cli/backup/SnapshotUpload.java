package io.quorate.coordinator.cli.backup;

import io.quorate.common.error.Code;
import io.quorate.common.error.Problem;
import io.quorate.coordinator.api.v1.SnapshotView;
import io.quorate.coordinator.cli.core.Api;
import io.quorate.coordinator.cli.core.Session;
import io.quorate.coordinator.cli.fleet.FileBody;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A snapshot's file on its way to the coordinator. */
public final class SnapshotUpload {
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private SnapshotUpload() {}

  public static SnapshotView send(
      Session session, String cluster, Path file, Optional<String> version, boolean skipHashCheck) {
    String query =
        "?skipHashCheck="
            + skipHashCheck
            + version.map(v -> "&version=" + Api.encoded(v)).orElse("");
    try {
      return session
          .api()
          .patient(PATIENCE)
          .upload(
              "/v1/clusters/" + Api.encoded(cluster) + "/snapshots/file" + query,
              FileBody.of(file),
              SnapshotView.class);
    } catch (IOException e) {
      throw Problem.of(Code.Q1404, "the file %s cannot be read".formatted(file))
          .withCause(String.valueOf(e.getMessage()))
          .asException();
    }
  }
}
