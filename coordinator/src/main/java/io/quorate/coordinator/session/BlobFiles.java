package io.quorate.coordinator.session;

import java.nio.file.Path;
import java.util.Optional;

/** The files that hosts fetch, by SHA-256. May block. */
public interface BlobFiles {
  /** A release's archive: any host may have it. */
  Optional<Path> release(String sha256);

  /** A snapshot or an exported data directory: for those whose documents or operations name it. */
  Optional<Path> data(String sha256);
}
