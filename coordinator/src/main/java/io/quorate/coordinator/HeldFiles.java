package io.quorate.coordinator;

import io.quorate.coordinator.catalogue.BlobStore;
import io.quorate.coordinator.session.BlobFiles;
import io.quorate.coordinator.store.Store;
import java.nio.file.Path;
import java.util.Optional;

/** What hosts may fetch: releases of the catalogue, and the data of clusters. */
final class HeldFiles implements BlobFiles {
  private final Store store;
  private final BlobStore blobs;
  private final BlobStore data;

  HeldFiles(Store store, BlobStore blobs, BlobStore data) {
    this.store = store;
    this.blobs = blobs;
    this.data = data;
  }

  @Override
  public Optional<Path> release(String sha256) {
    boolean listed =
        store.releases().list().stream().anyMatch(e -> e.release().sha256().equals(sha256));
    return listed ? blobs.path(sha256) : Optional.empty();
  }

  @Override
  public Optional<Path> data(String sha256) {
    return data.path(sha256);
  }
}
