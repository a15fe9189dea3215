package io.quorate.coordinator.api;

import io.quorate.coordinator.api.control.Caller;
import io.quorate.coordinator.api.control.Catalogue;
import io.quorate.coordinator.api.v1.ReleaseView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One release; takes any archive and remembers its size. */
final class FakeCatalogue implements Catalogue {
  private final Told told;
  private final Path folder;
  private volatile long uploaded;

  FakeCatalogue(Told told, Path folder) {
    this.told = told;
    this.folder = folder;
  }

  long uploaded() {
    return uploaded;
  }

  @Override
  public List<ReleaseView> all() {
    return told.answer("releases", List.of(Samples.release()));
  }

  @Override
  public Path incoming() {
    return folder;
  }

  @Override
  public ReleaseView add(Path archive, Optional<String> expectedSha256, Caller by) {
    try {
      uploaded = Files.size(archive);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return told.answer("add " + expectedSha256.orElse("any"), Samples.release());
  }

  @Override
  public ReleaseView remove(String versionOrSha256, Caller by) {
    return told.answer("removeRelease " + versionOrSha256, Samples.release());
  }
}
