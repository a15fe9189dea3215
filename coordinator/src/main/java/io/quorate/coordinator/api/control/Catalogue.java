package io.quorate.coordinator.api.control;

import io.quorate.coordinator.api.v1.ReleaseView;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The releases that hosts may run. */
public interface Catalogue {
  List<ReleaseView> all();

  /** Where uploads are written, on the same file system as the catalogue. */
  Path incoming();

  /**
   * Reads version and architecture from the archive and takes the file over. The caller deletes
   * what is left of it when this throws.
   */
  ReleaseView add(Path archive, Optional<String> expectedSha256, Caller by);

  /** By version, or by digest where a version has several. Refuses with Q1104 while in use. */
  ReleaseView remove(String versionOrSha256, Caller by);
}
